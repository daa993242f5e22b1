using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>base64, binascii, codecs, hashlib, zlib and gzip.</summary>
internal static class CodingModule
{
    private const int Largest = 4 << 20;
    private static readonly PythonClass s_binascii = new("Error", [PythonErrors.Get("ValueError")], "binascii"), s_zlib = new("error", [PythonErrors.Get("Exception")], "zlib");

    private static byte[] Bytes(CallArguments a, int at = 0) => a.Need(at) is string text ? Encoding.ASCII.GetBytes(text) : a.Bytes(at);

    public static void FillBase64(PythonMachine machine, PythonModule base64)
    {
        base64.Add("b64encode", (m, a) => Encoding.ASCII.GetBytes(Convert.ToBase64String(a.Bytes(0, "s"))));
        base64.Add("standard_b64encode", (m, a) => Encoding.ASCII.GetBytes(Convert.ToBase64String(a.Bytes(0, "s"))));
        base64.Add("encodebytes", (m, a) => Encoding.ASCII.GetBytes(string.Concat(Convert.ToBase64String(a.Bytes(0)).Chunk(76).Select(line => new string(line) + "\n"))));
        base64.Add("urlsafe_b64encode", (m, a) => Encoding.ASCII.GetBytes(Convert.ToBase64String(a.Bytes(0)).Replace('+', '-').Replace('/', '_')));
        foreach (string name in new[] { "b64decode", "standard_b64decode", "decodebytes", "urlsafe_b64decode" })
        {
            base64.Add(name, (m, a) => Decode(Bytes(a), name[0] == 'u'));
        }

        base64.Add("b16encode", (m, a) => Encoding.ASCII.GetBytes(Convert.ToHexString(a.Bytes(0))));
        base64.Add("b16decode", (m, a) => PythonBytesMethods.FromHex(Encoding.ASCII.GetString(Bytes(a))));
    }

    private static byte[] Decode(byte[] text, bool isUrl)
    {
        string letters = string.Concat(Encoding.Latin1.GetString(text).Select(c => isUrl && c == '-' ? '+' : isUrl && c == '_' ? '/' : c).Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '='));
        string data = letters.TrimEnd('=').Split('=')[0];
        if (data.Length % 4 == 1)
        {
            throw PythonErrors.New(s_binascii, FormattableString.Invariant($"Invalid base64-encoded string: number of data characters ({data.Length}) cannot be 1 more than a multiple of 4"));
        }

        return letters.Length - data.Length < (4 - (data.Length % 4)) % 4 ? throw PythonErrors.New(s_binascii, "Incorrect padding") : Convert.FromBase64String(data.PadRight((data.Length + 3) / 4 * 4, '='));
    }

    public static void FillBinascii(PythonMachine machine, PythonModule binascii)
    {
        binascii.Members["Error"] = s_binascii;
        foreach (string name in new[] { "hexlify", "b2a_hex" })
        {
            binascii.Add(name, (m, a) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(a.Bytes(0))));
        }

        foreach (string name in new[] { "unhexlify", "a2b_hex" })
        {
            binascii.Add(name, (m, a) => Bytes(a) is var text && text.Length % 2 != 0 ? throw PythonErrors.New(s_binascii, "Odd-length string") : text.All(c => char.IsAsciiHexDigit((char)c)) ? Convert.FromHexString(Encoding.ASCII.GetString(text)) : throw PythonErrors.New(s_binascii, "Non-hexadecimal digit found"));
        }

        binascii.Add("a2b_base64", (m, a) => Decode(Bytes(a), isUrl: false));
        binascii.Add("b2a_base64", (m, a) => Encoding.ASCII.GetBytes(Convert.ToBase64String(a.Bytes(0)) + "\n"));
        binascii.Add("crc32", (m, a) => (BigInteger)Crc(a.Bytes(0)));
    }

    private static uint Crc(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
            }
        }

        return ~sum;
    }

    private static object Transcode(object? value, string codec, bool encodes) => codec.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal) switch
    {
        "rot13" or "rot" => string.Concat(PythonText.Plain(value).Select(c => char.IsAsciiLetter(c) ? (char)((((c | 32) - 'a' + 13) % 26) + (char.IsUpper(c) ? 'A' : 'a')) : c)),
        "hex" or "hexcodec" when value is byte[] bytes => encodes ? Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)) : PythonBytesMethods.FromHex(Encoding.ASCII.GetString(bytes)),
        "base64" or "base64codec" when value is byte[] bytes => encodes ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes) + "\n") : Decode(bytes, isUrl: false),
        _ when encodes => PythonEncoding.Encode(value as string ?? throw PythonErrors.Type("encoding with 'utf-8' codec failed"), codec, "strict"),
        _ => PythonEncoding.Decode(value as byte[] ?? PythonEncoding.ToShell(PythonText.Plain(value)), codec, "strict"),
    };

    public static void FillCodecs(PythonMachine machine, PythonModule codecs)
    {
        codecs.Add("encode", (m, a) => Transcode(a.Need(0), a.Has(1, "encoding") ? a.Text(1, "encoding") : "utf-8", encodes: true));
        codecs.Add("decode", (m, a) => Transcode(a.Need(0), a.Has(1, "encoding") ? a.Text(1, "encoding") : "utf-8", encodes: false));
        NativeFunction Coder(string codec, bool encodes) => new(encodes ? "encode" : "decode", (m, a) => new(new PythonTuple([Transcode(a.Need(0), codec, encodes), (BigInteger)(a.Need(0) is byte[] bytes ? bytes.Length : PythonText.Plain(a.Need(0)).Length)])));
        codecs.Add("getencoder", (m, a) => Coder(a.Text(0), encodes: true));
        codecs.Add("getdecoder", (m, a) => Coder(a.Text(0), encodes: false));
        codecs.Add("open", (m, a) => PythonFile.Open(m, a));
    }

    public static void FillHashlib(PythonMachine machine, PythonModule hashlib)
    {
        foreach (string name in new[] { "md5", "sha1", "sha256", "sha384", "sha512" })
        {
            hashlib.Add(name, (m, a) => Hash(m, name, a.Count > 0 ? a.Need(0) is string ? throw PythonErrors.Type("Strings must be encoded before hashing") : a.Bytes(0) : []));
        }

        hashlib.Add("new", (m, a) => a.Text(0).ToLowerInvariant() is "md5" or "sha1" or "sha256" or "sha384" or "sha512" ? Hash(m, a.Text(0).ToLowerInvariant(), a.Count > 1 ? a.Bytes(1) : []) : throw PythonErrors.Value($"unsupported hash type {a.Text(0)}"));
    }

    private static PythonObject Hash(PythonMachine machine, string name, byte[] first)
    {
        MemoryStream data = new();
        data.Write(first);
        PythonObject hash = new(new PythonClass("HASH", [], "_hashlib"));
        byte[] Digest() => name switch
        {
#pragma warning disable CA5350, CA5351 // It is what the program asks for; nothing is protected by it.
            "md5" => MD5.HashData(data.ToArray()),
            "sha1" => SHA1.HashData(data.ToArray()),
#pragma warning restore CA5350, CA5351
            "sha256" => SHA256.HashData(data.ToArray()),
            "sha384" => SHA384.HashData(data.ToArray()),
            _ => SHA512.HashData(data.ToArray()),
        };
        void Add(string method, Func<CallArguments, object?> body) => hash.Members[method] = new NativeFunction(method, (m, a) => new(body(a)));
        hash.Members["name"] = name;
        Add("hexdigest", a => Convert.ToHexStringLower(Digest()));
        Add("digest", a => Digest());
        Add("update", a =>
        {
            byte[] more = a.Need(0) is string ? throw PythonErrors.Type("Strings must be encoded before hashing") : a.Bytes(0);
            machine.Reserve(data.Length + more.Length > Largest ? long.MaxValue : more.Length);
            data.Write(more);
            return null;
        });
        machine.Reserve(first.Length + 256);
        return hash;
    }

    public static void FillZlib(PythonMachine machine, PythonModule zlib)
    {
        zlib.Members["error"] = s_zlib;
        bool isGzip = zlib.Name is "gzip";
        zlib.Add("compress", (m, a) => Pack(a.Bytes(0), isGzip));
        zlib.Add("decompress", (m, a) => Unpack(m, a.Bytes(0), isGzip));
        zlib.Add("crc32", (m, a) => (BigInteger)Crc(a.Bytes(0)));
        zlib.Add("open", (m, a) =>
        {
            PythonObject file = PythonFile.Open(m, new CallArguments("open", [a.Need(0, "filename"), "rb"], CallArguments.None));
            return m.Call.Read(OsModule.Path(m, ((PythonFile)file.Native!).Name), out byte[] content) is Files.FileError.None ? PythonFile.OfContent(a.Text(0), Unpack(m, content, isGzip: true), !(a.Has(1, "mode") && a.Text(1, "mode").Contains('t', StringComparison.Ordinal))) : file;
        });
    }

    private static byte[] Pack(byte[] bytes, bool isGzip)
    {
        using MemoryStream packed = new();
        using (Stream stream = isGzip ? new GZipStream(packed, CompressionLevel.Optimal) : new ZLibStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(PythonMachine machine, byte[] bytes, bool isGzip)
    {
        try
        {
            using Stream stream = isGzip ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using MemoryStream plain = new();
            byte[] buffer = new byte[16 * 1024];
            int got;
            while ((got = stream.Read(buffer)) > 0)
            {
                machine.Reserve(plain.Length + got > Largest ? long.MaxValue : got);
                plain.Write(buffer, 0, got);
            }

            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            throw isGzip ? PythonErrors.New(new PythonClass("BadGzipFile", [PythonErrors.Get("OSError")], "gzip"), $"Not a gzipped file ({PythonText.Represent(bytes[..Math.Min(2, bytes.Length)])})") : PythonErrors.New(s_zlib, "Error -3 while decompressing data: incorrect header check");
        }
    }
}
