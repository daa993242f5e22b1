using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Blackwall.Client;

/// <summary>Reads the authorities that https is trusted by out of a file of PEM.</summary>
public static class TrustedAuthorities
{
    /// <summary>Null: there is no file to be read, or the error is one sentence.</summary>
    /// <param name="path">Null: the authorities of the system are trusted.</param>
    /// <param name="error">Null: none.</param>
    public static X509Certificate2Collection? Read(string? path, out string? error)
    {
        error = null;
        if (path is null)
        {
            return null;
        }

        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPemFile(path);
            error = found.Count > 0 ? null : $"{path} holds no certificate; --ca-file takes PEM (-----BEGIN CERTIFICATE-----).";
            return found.Count > 0 ? found : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error = $"The certificates cannot be read ({failure.Message.TrimEnd('.')}); --ca-file takes a file of PEM.";
            return null;
        }
    }
}
