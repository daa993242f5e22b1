using System.Security.Cryptography;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Keys;

/// <summary>admin.key in the state folder. Whoever can write it owns the machine, so its key is the admin key at every start.</summary>
internal sealed class AdminKeyFile(IOptions<StorageOptions> options)
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public const int MaxKeyLength = 256;
    public const string Prefix = "bw_";

    public string Path => System.IO.Path.Combine(options.Value.StateFolder, "admin.key");

    /// <summary>A secret of 256 random bits.</summary>
    public static string NewSecret() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key in the file; null: there is no file, or no key in it. A file that others could read is closed to them.</summary>
    /// <param name="wasOpen">Whether others could read or write it until now.</param>
    /// <exception cref="KeyFileException">The file is there and cannot be read.</exception>
    public string? Read(out bool wasOpen)
    {
        wasOpen = false;
        try
        {
            if (!File.Exists(Path))
            {
                return null;
            }

            UnixFileMode mode = File.GetUnixFileMode(Path);
            if ((mode & Others) != UnixFileMode.None)
            {
                File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                wasOpen = true;
            }

            string kept = File.ReadAllText(Path).Trim();
            return kept.Length is > 32 and <= MaxKeyLength && kept.StartsWith(Prefix, StringComparison.Ordinal) ? kept : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The admin key in {Path} cannot be read ({failure.Message.TrimEnd('.')}); give the file to the user of the appliance with mode 0600, or delete it to have a new one made.", failure);
        }
    }

    /// <summary>Writes the file anew; there is no moment at which it is half written or others can read it.</summary>
    /// <exception cref="KeyFileException">It cannot be written.</exception>
    public void Write(string secret)
    {
        try
        {
            WholeFile.Write(Path, secret + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The admin key cannot be written to {Path} ({failure.Message.TrimEnd('.')}); make the state folder writable, or name another with --state.", failure);
        }
    }

    /// <exception cref="KeyFileException">It cannot be deleted.</exception>
    public void Delete()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{Path} cannot be deleted ({failure.Message.TrimEnd('.')}), and its key would be taken up again at the next start.", failure);
        }
    }
}
