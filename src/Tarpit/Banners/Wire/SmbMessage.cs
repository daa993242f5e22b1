using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Banners.Wire;

/// <summary>What an SMB client says until its login, and what Samba answers (MS-SMB2, MS-NLMP). Little-endian; four bytes of length before each.</summary>
internal static class SmbMessage
{
    public const int LargestMessage = 64 * 1024;

    private const uint LogonFailure = 0xC000006D;
    private const uint MoreProcessing = 0xC0000016;
    private const int HeadLength = 64;

    // SPNEGO with NTLMSSP as the only mechanism (RFC 4178): the token of a negotiate answer.
    private static readonly byte[] s_offer = Convert.FromHexString("601c06062b0601050502a0123010a00e300c060a2b06010401823702020a");

    /// <summary>Bytes of the message that begins here with its length; 0: more are needed; -1: it is none.</summary>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return !bytes.IsEmpty && bytes[0] != 0 ? -1 : 0;
        }

        int length = (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
        return bytes[0] != 0 || length is < 32 or > LargestMessage ? -1 : bytes.Length < length + 4 ? 0 : length + 4;
    }

    /// <summary>Whether a message of version 1 offers to go on with version 2.</summary>
    public static bool OffersVersion2(ReadOnlySpan<byte> message) => message.Length > 36 && message[4] == 0xFF && message[8] == 0x72 && message.IndexOf("SMB 2."u8) > 0;

    /// <summary>Command of version 2; -1: it is another version.</summary>
    public static int Command(ReadOnlySpan<byte> message) => message.Length >= HeadLength + 4 && message[4] == 0xFE ? BinaryPrimitives.ReadUInt16LittleEndian(message[16..]) : -1;

    /// <summary>The largest dialect up to 3.0.2 that both know; 0x2FF for a client that came from version 1.</summary>
    public static ushort Dialect(ReadOnlySpan<byte> message)
    {
        const int dialectsAt = 4 + HeadLength + 36;
        if (Command(message) != 0 || message.Length < dialectsAt)
        {
            return 0x2FF;
        }

        ushort best = 0x202;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(message[(4 + HeadLength + 2)..]);
        for (int i = 0; i < count && dialectsAt + (i * 2) + 2 <= message.Length && i < 64; i++)
        {
            ushort dialect = BinaryPrimitives.ReadUInt16LittleEndian(message[(dialectsAt + (i * 2))..]);
            best = dialect is 0x202 or 0x210 or 0x300 or 0x302 && dialect > best ? dialect : best;
        }

        return best;
    }

    public static byte[] Negotiate(ReadOnlySpan<byte> request, ushort dialect, ReadOnlySpan<byte> server, DateTimeOffset now)
    {
        byte[] body = new byte[64 + s_offer.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(body, 65);
        body[2] = 1; // signing enabled
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(4), dialect);
        server[..16].CopyTo(body.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(24), dialect >= 0x300 ? 7u : 5u);
        foreach (int at in (ReadOnlySpan<int>)[28, 32, 36])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(at), 8 << 20);
        }

        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(40), now.ToFileTime());
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(56), HeadLength + 64);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(58), (ushort)s_offer.Length);
        s_offer.CopyTo(body.AsSpan(64));
        return Frame(request, 0, 0, 0, body);
    }

    /// <summary>The NTLM message in a session setup: 1 negotiate, 3 authenticate; 0: none.</summary>
    public static int NtlmType(ReadOnlySpan<byte> message) => message.IndexOf("NTLMSSP\0"u8) is >= 0 and var at && at + 12 <= message.Length ? (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(message[(at + 8)..]), 4) : 0;

    /// <summary>Challenge for a client that began.</summary>
    public static byte[] Challenge(ReadOnlySpan<byte> request, ReadOnlySpan<byte> challenge, string host, string domain, DateTimeOffset now)
    {
        byte[] name = Encoding.Unicode.GetBytes(host.ToUpperInvariant()), dns = Encoding.Unicode.GetBytes(domain), full = Encoding.Unicode.GetBytes($"{host}.{domain}");
        byte[] info = [.. Pair(2, name), .. Pair(1, name), .. Pair(4, dns), .. Pair(3, full), .. Pair(7, BitConverter.GetBytes(now.ToFileTime())), 0, 0, 0, 0];
        byte[] ntlm = new byte[56 + name.Length + info.Length];
        "NTLMSSP\0"u8.CopyTo(ntlm);
        ntlm[8] = 2;
        Field(ntlm.AsSpan(12), name.Length, 56);
        BinaryPrimitives.WriteUInt32LittleEndian(ntlm.AsSpan(20), 0xE28A8215);
        challenge[..8].CopyTo(ntlm.AsSpan(24));
        Field(ntlm.AsSpan(40), info.Length, 56 + name.Length);
        ntlm[48] = 6;
        ntlm[49] = 1;
        ntlm[55] = 15;
        name.CopyTo(ntlm, 56);
        info.CopyTo(ntlm, 56 + name.Length);

        // NegTokenResp: accept-incomplete, NTLMSSP, the challenge.
        byte[] inner = [.. Tlv(0xA0, Tlv(0x0A, [1])), .. Tlv(0xA1, Tlv(0x06, Convert.FromHexString("2b06010401823702020a"))), .. Tlv(0xA2, Tlv(0x04, ntlm))];
        return SessionSetup(request, MoreProcessing, 0x1000_0001, Tlv(0xA1, Tlv(0x30, inner)));
    }

    public static byte[] Refuse(ReadOnlySpan<byte> request) => SessionSetup(request, LogonFailure, 0x1000_0001, []);

    public static byte[] Error(ReadOnlySpan<byte> request, uint status) => Frame(request, (ushort)Math.Max(0, Command(request)), status, 0, [9, 0, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>User, domain and answer of an authenticate message, as crackers read it: USER::DOMAIN:CHALLENGE:PROOF:BLOB. Null: it is malformed.</summary>
    public static (string User, string Secret)? ReadLogin(ReadOnlySpan<byte> message, ReadOnlySpan<byte> challenge)
    {
        ReadOnlySpan<byte> ntlm = message[message.IndexOf("NTLMSSP\0"u8)..];
        if (ntlm.Length < 64)
        {
            return null;
        }

        ReadOnlySpan<byte> proof = Part(ntlm, 20);
        string domain = Encoding.Unicode.GetString(Part(ntlm, 28)), user = Encoding.Unicode.GetString(Part(ntlm, 36));
        return (user, proof.Length <= 24 ? "" : $"{user}::{domain}:{Convert.ToHexStringLower(challenge[..8])}:{Convert.ToHexStringLower(proof[..16])}:{Convert.ToHexStringLower(proof[16..Math.Min(proof.Length, 400)])}");
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> ntlm, int field)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(ntlm[field..]);
        uint at = BinaryPrimitives.ReadUInt32LittleEndian(ntlm[(field + 4)..]);
        return at > ntlm.Length || length > ntlm.Length - at ? [] : ntlm.Slice((int)at, length);
    }

    private static byte[] SessionSetup(ReadOnlySpan<byte> request, uint status, ulong session, byte[] token)
    {
        byte[] body = new byte[8 + token.Length];
        body[0] = 9;
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(4), HeadLength + 8);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(6), (ushort)token.Length);
        token.CopyTo(body, 8);
        return Frame(request, 1, status, session, body);
    }

    private static byte[] Frame(ReadOnlySpan<byte> request, ushort command, uint status, ulong session, byte[] body)
    {
        byte[] message = new byte[4 + HeadLength + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, HeadLength + body.Length);
        Span<byte> head = message.AsSpan(4);
        ((ReadOnlySpan<byte>)[0xFE, (byte)'S', (byte)'M', (byte)'B', HeadLength]).CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], status);
        BinaryPrimitives.WriteUInt16LittleEndian(head[12..], command);
        BinaryPrimitives.WriteUInt16LittleEndian(head[14..], 1);
        head[16] = 1; // an answer
        if (Command(request) >= 0)
        {
            // The number of the message, and what identifies the client's process.
            request.Slice(4 + 24, 12).CopyTo(head[24..]);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(head[40..], session);
        body.CopyTo(head[HeadLength..]);
        return message;
    }

    private static void Field(Span<byte> at, int length, int offset)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)length);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], offset);
    }

    private static byte[] Pair(ushort id, byte[] value) => [(byte)id, 0, (byte)value.Length, (byte)(value.Length >> 8), .. value];

    private static byte[] Tlv(byte tag, byte[] value) => value.Length < 128 ? [tag, (byte)value.Length, .. value] : value.Length < 256 ? [tag, 0x81, (byte)value.Length, .. value] : [tag, 0x82, (byte)(value.Length >> 8), (byte)value.Length, .. value];
}
