using System.Buffers.Binary;

namespace Blackwall.Tarpit.Detection.Wire;

/// <summary>Tells protocols by what clients say first.</summary>
internal static class FirstBytes
{
    private const int LongestMethod = 16;
    private const int DnsHeadLength = 14;
    private const int LongestDnsQuery = 1024;

    public static Guess Judge(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> ssh = "SSH-"u8;
        if (bytes.StartsWith(ssh))
        {
            return Guess.Ssh;
        }

        if (ssh.StartsWith(bytes))
        {
            return Guess.More;
        }

        if (Binary(bytes) is var binary and not Guess.Unknown)
        {
            return binary;
        }

        // A method is a token, and a space follows it (RFC 9112 §3).
        int length = 0;
        while (length < bytes.Length && length < LongestMethod && bytes[length] is >= (byte)'A' and <= (byte)'Z')
        {
            length++;
        }

        return length == bytes.Length && length < LongestMethod ? Guess.More : length > 2 && length < bytes.Length && bytes[length] == ' ' ? Guess.Http : Guess.Unknown;
    }

    private static Guess Binary(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        // Handshake record of SSL 3.0 to TLS 1.3, a ClientHello in it (RFC 8446 §5.1).
        0x16 => Prefix(bytes, 0x16, 0x03) is var hello and not Guess.Tls ? hello : bytes.Length < 6 ? Guess.More : bytes[2] <= 4 && bytes[5] == 1 ? Guess.Tls : Guess.Unknown,
        0x03 => bytes.Length < 6 ? Guess.More : bytes[1] == 0 && bytes[5] == 0xE0 ? Guess.Rdp : Guess.Unknown,
        (byte)'*' => Redis(bytes),
        0x00 => Framed(bytes),
        _ => bytes.Length < 2 ? Guess.Unknown : Framed(bytes) is Guess.Dns ? Guess.Dns : Guess.Unknown,
    };

    private static Guess Prefix(ReadOnlySpan<byte> bytes, byte first, byte second) =>
        bytes.Length < 2 ? Guess.More : bytes[0] == first && bytes[1] == second ? Guess.Tls : Guess.Unknown;

    private static Guess Redis(ReadOnlySpan<byte> bytes)
    {
        int at = 1;
        while (at < bytes.Length && at < 8 && char.IsAsciiDigit((char)bytes[at]))
        {
            at++;
        }

        return at == bytes.Length ? Guess.More : at > 1 && bytes[at] == '\r' ? Guess.Redis : Guess.Unknown;
    }

    // A length before what follows: SMB has four bytes of it, DNS two.
    private static Guess Framed(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == 0 && bytes.Length >= 8 && bytes[1] == 0 && bytes[4] is 0xFF or 0xFE && bytes[5..8].SequenceEqual("SMB"u8))
        {
            return Guess.Smb;
        }

        if (bytes.Length < DnsHeadLength)
        {
            return bytes[0] == 0 ? Guess.More : Guess.Unknown;
        }

        // A query: no answer, one question, nothing reserved (RFC 1035 §4.1.1).
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return length is >= 17 and <= LongestDnsQuery && (bytes[4] & 0x80) == 0 && BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) == 1 && BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]) == 0 ? Guess.Dns : Guess.Unknown;
    }
}
