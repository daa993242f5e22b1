using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Hashes and encodings.</summary>
internal static class DigestCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["md5sum"] = i => HashAsync(i, MD5.HashData),
        ["sha1sum"] = i => HashAsync(i, SHA1.HashData),
        ["sha256sum"] = i => HashAsync(i, SHA256.HashData),
        ["sha512sum"] = i => HashAsync(i, SHA512.HashData),
        ["base64"] = Base64Async,
    };

    private static async ValueTask<int> HashAsync(Invocation i, Func<byte[], byte[]> hash)
    {
        (List<(string Name, string Text)> files, int status) = await i.ReadAsync(i.Operands);
        await i.PrintAsync(string.Concat(files.Select(f => $"{Convert.ToHexStringLower(hash(Encoding.Latin1.GetBytes(f.Text)))}  {f.Name}\n")));
        return status;
    }

    private static async ValueTask<int> Base64Async(Invocation i)
    {
        (List<(string Name, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("w"));
        foreach ((_, string text) in files)
        {
            if (i.Has('d', "decode"))
            {
                string clean = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
                byte[] decoded = new byte[clean.Length];
                if (!Convert.TryFromBase64String(clean, decoded, out int length))
                {
                    return await i.FailAsync("invalid input");
                }

                await i.Streams.Output.WriteAsync(decoded[..length], i.Cancellation);
                continue;
            }

            string encoded = Convert.ToBase64String(Encoding.Latin1.GetBytes(text));
            await i.PrintAsync(i.Value('w') is "0" ? encoded : string.Concat(encoded.Chunk(76).Select(line => new string(line) + "\n")));
        }

        return status;
    }
}
