using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fingerprints;

/// <summary>
/// JA4, the fingerprint of a TLS client (FoxIO's technical description, BSD-3-Clause; the other members of that family are under another
/// licence and not here). Where its published results differ from its text (the last byte of an ALPN that is not ASCII), the text is followed.
/// </summary>
public static class Ja4
{
    /// <summary>Characters of a fingerprint.</summary>
    public const int Length = 36;

    private const int HashLength = 12;
    private const int MostCounted = 99;
    private const ushort ServerName = 0x0000;
    private const ushort Alpn = 0x0010;

    /// <summary>Writes the fingerprint, <see cref="Length"/> ASCII characters; allocates nothing.</summary>
    /// <param name="hello">The client's first hello.</param>
    /// <param name="transport">'t' TCP, 'q' QUIC, 'd' DTLS.</param>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    public static void Write(in ClientHello hello, char transport, Span<byte> into) => Write(in hello, transport, sorted: true, into);

    /// <summary>The fingerprint in its four forms.</summary>
    public static Ja4Forms Forms(in ClientHello hello, char transport)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(in hello, transport, sorted: true, text);
        string sorted = Encoding.ASCII.GetString(text);
        Write(in hello, transport, sorted: false, text);
        string original = Encoding.ASCII.GetString(text);
        string head = sorted[..10];
        return new Ja4Forms(sorted, Raw(in hello, head, sorted: true), original, Raw(in hello, head, sorted: false));
    }

    /// <summary>Values that clients make up so that servers stay tolerant (RFC 8701): 0x?a?a with equal bytes.</summary>
    public static bool IsGrease(ushort value) => (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);

    private static void Write(in ClientHello hello, char transport, bool sorted, Span<byte> into)
    {
        int most = (hello.Ciphers.Length / 2) + (hello.Extensions.Length / 4);
        ushort[] values = ArrayPool<ushort>.Shared.Rent(Math.Max(1, most));
        byte[] text = ArrayPool<byte>.Shared.Rent((most * 5) + (hello.SignatureAlgorithms.Length / 2 * 5) + 1);
        int ciphers = Ciphers(in hello, values);
        Head(in hello, transport, ciphers, ExtensionCount(in hello), into);
        into[10] = (byte)'_';
        Hash(List(values.AsSpan(0, ciphers), sorted, text), text, into[11..]);
        into[23] = (byte)'_';
        int extensions = Extensions(in hello, sorted, values);
        int length = extensions == 0 ? 0 : WithAlgorithms(in hello, List(values.AsSpan(0, extensions), sorted, text), text);
        Hash(length, text, into[24..]);
        ArrayPool<byte>.Shared.Return(text);
        ArrayPool<ushort>.Shared.Return(values);
    }

    private static string Raw(in ClientHello hello, string head, bool sorted)
    {
        int most = (hello.Ciphers.Length / 2) + (hello.Extensions.Length / 4);
        ushort[] values = new ushort[Math.Max(1, most)];
        byte[] text = new byte[(most * 5) + (hello.SignatureAlgorithms.Length / 2 * 5) + 1];
        string ciphers = Encoding.ASCII.GetString(text, 0, List(values.AsSpan(0, Ciphers(in hello, values)), sorted, text));
        int length = List(values.AsSpan(0, Extensions(in hello, sorted, values)), sorted, text);
        return $"{head}_{ciphers}_{Encoding.ASCII.GetString(text, 0, WithAlgorithms(in hello, length, text))}";
    }

    private static void Head(in ClientHello hello, char transport, int ciphers, int extensions, Span<byte> into)
    {
        into[0] = (byte)transport;
        VersionOf(in hello).CopyTo(into[1..]);
        into[3] = (byte)(hello.HasServerName ? 'd' : 'i');
        Count(ciphers, into[4..]);
        Count(extensions, into[6..]);
        ProtocolOf(hello.FirstProtocol, into[8..]);
    }

    private static ReadOnlySpan<byte> VersionOf(in ClientHello hello)
    {
        int best = -1;
        for (int at = 0; at < hello.SupportedVersions.Length; at += 2)
        {
            ushort version = BinaryPrimitives.ReadUInt16BigEndian(hello.SupportedVersions[at..]);
            if (!IsGrease(version) && (best < 0 || Age(version) > Age((ushort)best)))
            {
                best = version;
            }
        }

        return (best < 0 ? hello.LegacyVersion : best) switch
        {
            0x0304 => "13"u8,
            0x0303 => "12"u8,
            0x0302 => "11"u8,
            0x0301 => "10"u8,
            0x0300 => "s3"u8,
            0x0002 => "s2"u8,
            0xfeff => "d1"u8,
            0xfefd => "d2"u8,
            0xfefc => "d3"u8,
            _ => "00"u8,
        };
    }

    // DTLS counts down from 0xfeff: the lowest number is the newest.
    private static int Age(ushort version) => version >> 8 == 0xfe ? 0x1_0000 + (0xff - (version & 0xff)) : version;

    private static void Count(int count, Span<byte> into)
    {
        count = Math.Min(count, MostCounted);
        (into[0], into[1]) = ((byte)('0' + (count / 10)), (byte)('0' + (count % 10)));
    }

    private static void ProtocolOf(ReadOnlySpan<byte> protocol, Span<byte> into)
    {
        if (protocol.IsEmpty)
        {
            "00"u8.CopyTo(into);
        }
        else if (char.IsAsciiLetterOrDigit((char)protocol[0]) && char.IsAsciiLetterOrDigit((char)protocol[^1]))
        {
            (into[0], into[1]) = (protocol[0], protocol[^1]);
        }
        else
        {
            (into[0], into[1]) = (HexDigit(protocol[0] >> 4), HexDigit(protocol[^1]));
        }
    }

    private static int Ciphers(in ClientHello hello, Span<ushort> into)
    {
        int count = 0;
        for (int at = 0; at < hello.Ciphers.Length; at += 2)
        {
            ushort cipher = BinaryPrimitives.ReadUInt16BigEndian(hello.Ciphers[at..]);
            if (!IsGrease(cipher))
            {
                into[count++] = cipher;
            }
        }

        return count;
    }

    private static int ExtensionCount(in ClientHello hello)
    {
        int count = 0;
        for (ExtensionReader reader = new(hello.Extensions); reader.MoveNext();)
        {
            count += IsGrease(reader.Type) ? 0 : 1;
        }

        return count;
    }

    // Sorted, the list leaves out server name and ALPN, which the head tells already; in the order sent they stay.
    private static int Extensions(in ClientHello hello, bool sorted, Span<ushort> into)
    {
        int count = 0;
        for (ExtensionReader reader = new(hello.Extensions); reader.MoveNext();)
        {
            if (!IsGrease(reader.Type) && !(sorted && reader.Type is ServerName or Alpn))
            {
                into[count++] = reader.Type;
            }
        }

        return count;
    }

    /// <summary>Four hex digits each, comma between. Returns the length.</summary>
    private static int List(Span<ushort> values, bool sorted, Span<byte> into)
    {
        if (sorted)
        {
            values.Sort();
        }

        int length = 0;
        foreach (ushort value in values)
        {
            if (length > 0)
            {
                into[length++] = (byte)',';
            }

            length += Hex(value, into[length..]);
        }

        return length;
    }

    private static int WithAlgorithms(in ClientHello hello, int length, Span<byte> into)
    {
        byte between = (byte)'_';
        for (int at = 0; at < hello.SignatureAlgorithms.Length; at += 2)
        {
            ushort algorithm = BinaryPrimitives.ReadUInt16BigEndian(hello.SignatureAlgorithms[at..]);
            if (!IsGrease(algorithm))
            {
                into[length++] = between;
                length += Hex(algorithm, into[length..]);
                between = (byte)',';
            }
        }

        return length;
    }

    private static void Hash(int length, ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (length == 0)
        {
            into[..HashLength].Fill((byte)'0');
            return;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        for (int i = 0; i < HashLength / 2; i++)
        {
            (into[2 * i], into[(2 * i) + 1]) = (HexDigit(hash[i] >> 4), HexDigit(hash[i]));
        }
    }

    private static int Hex(ushort value, Span<byte> into)
    {
        (into[0], into[1], into[2], into[3]) = (HexDigit(value >> 12), HexDigit(value >> 8), HexDigit(value >> 4), HexDigit(value));
        return 4;
    }

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value & 15];
}
