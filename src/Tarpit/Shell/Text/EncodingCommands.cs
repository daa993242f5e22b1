using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>Hashes, checksums and encodings.</summary>
internal static class EncodingCommands
{
    private const string Base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static readonly Dictionary<string, char> HashNames = new(StringComparer.Ordinal) { ["check"] = 'c', ["binary"] = 'b', ["text"] = 't', ["tag"] = 'T', ["quiet"] = 'q', ["status"] = 's', ["warn"] = 'w', ["ignore-missing"] = 'i', ["strict"] = 'S', ["zero"] = 'z' };
    private static readonly Dictionary<string, char> EncodingNames = new(StringComparer.Ordinal) { ["decode"] = 'd', ["wrap"] = 'w', ["ignore-garbage"] = 'i' };

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["md5sum"] = i => HashAsync(i, "MD5", static () => new MD5Digest()),
        ["sha1sum"] = i => HashAsync(i, "SHA1", static () => new Sha1Digest()),
        ["sha224sum"] = i => HashAsync(i, "SHA224", static () => new Sha224Digest()),
        ["sha256sum"] = i => HashAsync(i, "SHA256", static () => new Sha256Digest()),
        ["sha384sum"] = i => HashAsync(i, "SHA384", static () => new Sha384Digest()),
        ["sha512sum"] = i => HashAsync(i, "SHA512", static () => new Sha512Digest()),
        ["b2sum"] = i => HashAsync(i, "BLAKE2b", static () => new Blake2bDigest(512)),
        ["base64"] = i => EncodeAsync(i, Convert.ToBase64String, Decode64),
        ["base32"] = i => EncodeAsync(i, Encode32, Decode32),
        ["cksum"] = ChecksumAsync,
        ["sum"] = SumAsync,
    };

    private static string Finish(IDigest digest, ReadOnlySpan<byte> rest)
    {
        byte[] made = new byte[digest.GetDigestSize()];
        digest.BlockUpdate(rest);
        digest.DoFinal(made, 0);
        return Convert.ToHexStringLower(made);
    }

    // Input is hashed as it comes, however much it is. Null: it cannot be read, which was told.
    private static async ValueTask<string?> DigestAsync(Invocation i, string name, IDigest digest)
    {
        if (i.Opened(name) is not { } input)
        {
            return await Lines.ReadAsync(i, name) is { } text ? Finish(digest, Encoding.Latin1.GetBytes(text)) : null;
        }

        for (byte[] some = await input.ReadSomeAsync(i.Cancellation); some.Length > 0; some = await input.ReadSomeAsync(i.Cancellation))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            digest.BlockUpdate(some);
        }

        return Finish(digest, []);
    }

    private static async ValueTask<int> HashAsync(Invocation i, string kind, Func<IDigest> create)
    {
        OptionParsing options = new(i.Arguments, "cbtTqswiSz", HashNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        int status = 0;
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (options.Has('c'))
            {
                status = Math.Max(status, await Lines.ReadAsync(i, name) is { } text ? await CheckAsync(i, options, name, text, create) : 1);
            }
            else if (await DigestAsync(i, name, create()) is not { } digest)
            {
                status = 1;
            }
            else
            {
                await i.PrintAsync(options.Has('T') ? $"{kind} ({name}) = {digest}\n" : $"{digest} {(options.Has('b') ? '*' : ' ')}{name}{(options.Has('z') ? '\0' : '\n')}");
            }
        }

        return status;
    }

    private static async ValueTask<int> CheckAsync(Invocation i, OptionParsing options, string list, string text, Func<IDigest> create)
    {
        int failed = 0, missing = 0, checkedLines = 0;
        foreach (string line in Lines.Of(text))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 32 || space + 2 > line.Length)
            {
                continue;
            }

            checkedLines++;
            string name = line[(space + (line[space + 1] is ' ' or '*' ? 2 : 1))..];
            FileError error = i.Read(name, out byte[] content);
            if (name is "-")
            {
                (error, content) = (FileError.None, await i.Streams.Input.ReadAllAsync(i.Cancellation));
            }

            bool fits = error == FileError.None && string.Equals(Finish(create(), content), line[..space].ToLowerInvariant(), StringComparison.Ordinal);
            if (error != FileError.None)
            {
                missing++;
                await i.FailAsync($"{name}: {error.Text()}");
            }

            failed += error == FileError.None && !fits ? 1 : 0;
            await i.PrintAsync(options.Has('s') || (fits && options.Has('q')) ? "" : $"{name}: {(error != FileError.None ? "FAILED open or read" : fits ? "OK" : "FAILED")}\n");
        }

        if (checkedLines == 0)
        {
            return await i.FailAsync($"{list}: no properly formatted checksum lines found");
        }

        if (missing > 0)
        {
            await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"WARNING: {missing} listed file{(missing == 1 ? "" : "s")} could not be read"));
        }

        if (failed > 0 && !options.Has('s'))
        {
            await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"WARNING: {failed} computed checksum{(failed == 1 ? " did" : "s did")} NOT match"));
        }

        return failed + missing > 0 ? 1 : 0;
    }

    private static async ValueTask<int> EncodeAsync(Invocation i, Func<byte[], string> encode, Func<string, (byte[] Bytes, bool IsWhole)> decode)
    {
        OptionParsing options = new(i.Arguments, "dw:iD", EncodingNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (await Lines.ReadAsync(i, options.Operands.Count > 0 ? options.Operands[0] : "-") is not { } text)
        {
            return 1;
        }

        if (options.Has('d') || options.Has('D'))
        {
            string clean = string.Concat(text.Where(c => options.Has('i') ? char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' : c is not ('\n' or '\r')));
            (byte[] bytes, bool isWhole) = decode(clean);
            await i.Streams.Output.WriteAsync(bytes, i.Cancellation);
            return isWhole ? 0 : await i.FailAsync("invalid input");
        }

        if (!int.TryParse(options.Value('w') ?? "76", NumberStyles.None, CultureInfo.InvariantCulture, out int width))
        {
            return await i.FailAsync(Characters.ToBytes($"invalid wrap size: ‘{options.Value('w')}’"));
        }

        string encoded = encode(Encoding.Latin1.GetBytes(text));
        await i.PrintAsync(width == 0 ? encoded : Lines.Join(encoded.Chunk(width).Select(line => new string(line))));
        return 0;
    }

    // As much as there is before what is wrong.
    private static (byte[] Bytes, bool IsWhole) Decode64(string text)
    {
        List<byte> bytes = [];
        for (int at = 0; at < text.Length; at += 4)
        {
            string part = text.Substring(at, Math.Min(4, text.Length - at));
            int valid = part.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/').Count();
            string body = part[..valid];
            bool isWhole = body.Length == 4 || (part.Length == 4 && body.Length >= 2 && part[valid..].All(c => c == '='));
            byte[] made = new byte[3];
            if (body.Length >= 2 && Convert.TryFromBase64String(body.PadRight(4, '='), made, out int length))
            {
                bytes.AddRange(made.Take(length));
            }

            if (!isWhole)
            {
                return ([.. bytes], false);
            }
        }

        return ([.. bytes], true);
    }

    private static string Encode32(byte[] bytes)
    {
        StringBuilder text = new();
        foreach (byte[] chunk in bytes.Chunk(5))
        {
            ulong bits = 0;
            for (int n = 0; n < 5; n++)
            {
                bits = (bits << 8) | (n < chunk.Length ? chunk[n] : 0u);
            }

            int used = ((chunk.Length * 8) + 4) / 5;
            for (int n = 0; n < 8; n++)
            {
                text.Append(n < used ? Base32Letters[(int)((bits >> (35 - (5 * n))) & 31)] : '=');
            }
        }

        return text.ToString();
    }

    private static (byte[] Bytes, bool IsWhole) Decode32(string text)
    {
        List<byte> bytes = [];
        int bits = 0, count = 0;
        foreach (char c in text.TrimEnd('='))
        {
            int value = Base32Letters.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
            {
                return ([.. bytes], false);
            }

            bits = (bits << 5) | value;
            count += 5;
            if (count >= 8)
            {
                bytes.Add((byte)(bits >> (count - 8)));
                count -= 8;
                bits &= (1 << count) - 1;
            }
        }

        return ([.. bytes], text.Length % 8 == 0);
    }

    private static async ValueTask<int> ChecksumAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.Operands.Count == 0 ? ["-"] : i.Operands)
        {
            if (await Lines.ReadAsync(i, name) is not { } text)
            {
                status = 1;
                continue;
            }

            uint crc = 0;
            foreach (byte value in Encoding.Latin1.GetBytes(text))
            {
                crc = Next(crc, value);
            }

            for (int length = text.Length; length > 0; length >>= 8)
            {
                crc = Next(crc, (byte)length);
            }

            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{~crc} {text.Length}{(i.Operands.Count == 0 ? "" : " " + name)}\n"));
        }

        return status;
    }

    private static uint Next(uint crc, byte value)
    {
        crc ^= (uint)value << 24;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ 0x04C1_1DB7 : crc << 1;
        }

        return crc;
    }

    private static async ValueTask<int> SumAsync(Invocation i)
    {
        int status = 0;
        bool isBlocks = i.Arguments.LastOrDefault(argument => argument is "-r" or "-s" or "--sysv") is "-s" or "--sysv";
        foreach (string name in i.Operands.Count == 0 ? ["-"] : i.Operands)
        {
            if (await Lines.ReadAsync(i, name) is not { } text)
            {
                status = 1;
                continue;
            }

            if (isBlocks)
            {
                long total = text.Sum(c => (long)c), folded = (total & 0xFFFF) + ((total & 0xFFFFFFFF) >> 16);
                await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{(folded & 0xFFFF) + (folded >> 16)} {(text.Length + 511) / 512}{(i.Operands.Count == 0 ? "" : " " + name)}\n"));
                continue;
            }

            int sum = 0;
            foreach (char c in text)
            {
                sum = (((sum >> 1) | ((sum & 1) << 15)) + c) & 0xFFFF;
            }

            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{sum:D5} {(text.Length + 1023) / 1024,5}{(i.Operands.Count == 0 ? "" : " " + name)}\n"));
        }

        return status;
    }
}
