using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tests.Fingerprints;

/// <summary>Builds client hellos from the RFCs, and cuts them as networks do.</summary>
internal static class Hellos
{
    /// <summary>The fingerprint of <see cref="Browser"/>, as FoxIO's description gives it for these lists.</summary>
    public const string BrowserJa4 = "t13d1516h2_8daaf6152771_e5627efa2ab1";

    private static readonly ushort[] s_ciphers =
        [0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035];

    public static byte[] Browser(int keyShare = 32, string server = "example.org") => Body(s_ciphers, BrowserExtensions(keyShare, server));

    public static (ushort Type, byte[] Value)[] BrowserExtensions(int keyShare = 32, string server = "example.org") =>
    [
        (0x2a2a, []), (0x0000, ServerName(server)), (0x0017, []), (0xff01, [0]), (0x000a, [0, 2, 0, 29]), (0x000b, [1, 0]), (0x0023, []),
        (0x0010, Alpn("h2"u8.ToArray(), "http/1.1"u8.ToArray())), (0x0005, [1, 0, 0, 0, 0]),
        (0x000d, List16(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)), (0x0012, []), (0x0033, new byte[keyShare]), (0x002d, [1, 1]),
        (0x002b, [7, 0x3a, 0x3a, 3, 4, 3, 3, 0]), (0x001b, [2, 0, 2]), (0x4469, [0]), (0x0015, []), (0x5a5a, [0]),
    ];

    public static byte[] Body(ushort[] ciphers, (ushort Type, byte[] Value)[]? extensions, ushort version = 0x0303, bool datagram = false)
    {
        List<byte> body = [(byte)(version >> 8), (byte)version, .. new byte[32], 0];
        if (datagram)
        {
            body.Add(0);
        }

        body.AddRange(Vector16([.. ciphers.SelectMany(U16)]));
        body.AddRange([1, 0]);
        if (extensions is not null)
        {
            body.AddRange(Vector16([.. extensions.SelectMany(e => (byte[])[.. U16(e.Type), .. Vector16(e.Value)])]));
        }

        return [.. body];
    }

    /// <summary>The handshake message, in as many TLS records as are asked for.</summary>
    public static byte[] Records(byte[] body, int records = 1)
    {
        byte[] message = Handshake(body);
        int size = (message.Length + records - 1) / records;
        return [.. message.Chunk(size).SelectMany(part => (byte[])[22, 3, 1, .. Vector16(part)])];
    }

    public static byte[] Handshake(byte[] body) => [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    /// <summary>One DTLS datagram with a fragment of a hello.</summary>
    public static byte[] Dtls(byte[] body, int from, int count, byte message = 0) =>
    [
        22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1,
        .. Vector16([1, .. U24(body.Length), 0, message, .. U24(from), .. U24(count), .. body[from..(from + count)]]),
    ];

    public static byte[] ServerName(string name)
    {
        byte[] text = Encoding.ASCII.GetBytes(name);
        return Vector16([0, .. Vector16(text)]);
    }

    public static byte[] Alpn(params byte[][] names) => Vector16([.. names.SelectMany(name => (byte[])[(byte)name.Length, .. name])]);

    public static byte[] List16(params ushort[] values) => Vector16([.. values.SelectMany(U16)]);

    public static byte[] Vector16(byte[] content) => [.. U16((ushort)content.Length), .. content];

    public static byte[] U16(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] U24(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];

    /// <summary>Line and KEXINIT of an SSH client.</summary>
    public static byte[] Ssh(string line = "SSH-2.0-libssh_0.10.6", string exchanges = "curve25519-sha256", string encryptions = "aes256-ctr", string macs = "hmac-sha2-256", string compressions = "none")
    {
        byte[] content = [20, .. new byte[16], .. new[] { exchanges, "ssh-ed25519", encryptions, "aes128-ctr", macs, "hmac-sha1", compressions, "zlib", "", "" }.SelectMany(NameList), 0, 0, 0, 0, 0];
        const byte padding = 6;
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, 1 + content.Length + padding);
        return [.. Encoding.Latin1.GetBytes(line + "\r\n"), .. length, padding, .. content, .. new byte[padding]];
    }

    private static byte[] NameList(string names)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, names.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(names)];
    }
}
