using System.Security.Cryptography;

namespace Blackwall.Fingerprints.Wire;

/// <summary>
/// Opens the client's Initial packets of QUIC (RFC 9000 §17.2.2; protection RFC 9001 §5; version 2 RFC 9369; drafts 21 to 34, and what Facebook ran
/// of them). Their keys follow from a connection id that is in the clear, so anybody on the path may read them.
/// </summary>
public static class QuicInitial
{
    public const uint Version1 = 0x0000_0001;
    public const uint Version2 = 0x6b33_43cf;
    public const uint Draft29 = 0xff00_001d;

    /// <summary>Longest packet that is opened, bytes.</summary>
    public const int MaxPacket = 1536;

    private const int Tag = 16;
    private const int Sample = 16;

    // RFC 9001 §5.2, RFC 9369 §3.3.1; draft-ietf-quic-tls-29, -23 and -21 §5.2.
    private static readonly byte[] s_salt1 = Convert.FromHexString("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    private static readonly byte[] s_salt2 = Convert.FromHexString("0dede3def700a6db819381be6e269dcbf9bd2ed9");
    private static readonly byte[] s_salt29 = Convert.FromHexString("afbfec289993d24c9e9786f19c6111e04390a899");
    private static readonly byte[] s_salt23 = Convert.FromHexString("c3eef712c72ebb5a11a7d2432bb46365bef9f502");
    private static readonly byte[] s_salt21 = Convert.FromHexString("7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a");

    /// <summary>Reads the head of the next packet; false: no Initial packet of a known version begins here, and nothing behind it can be found.</summary>
    /// <param name="datagram">Moves on behind the packet, to what is coalesced with it.</param>
    /// <param name="packet">From its first byte to its last.</param>
    /// <param name="numberOffset">Where its packet number lies.</param>
    /// <param name="version">Its version.</param>
    /// <param name="destination">Destination connection id.</param>
    public static bool TryHead(ref ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> packet, out int numberOffset, out uint version, out ReadOnlySpan<byte> destination)
    {
        packet = destination = default;
        (numberOffset, version) = (0, 0);
        while (true)
        {
            ByteReader reader = new(datagram);
            if (!reader.TryByte(out byte first) || (first & 0xc0) != 0xc0 || !reader.TryU32(out version)
                || SaltOf(version) is null
                || !reader.TryVector8(out destination) || destination.Length > 20
                || !reader.TryVector8(out ReadOnlySpan<byte> source) || source.Length > 20)
            {
                return false;
            }

            bool initial = TypeOf(first, version) == 0;
            if ((initial && (!reader.TryVarint(out ulong token) || token > (ulong)reader.Left || !reader.TrySkip((int)token)))
                || TypeOf(first, version) == 3
                || !reader.TryVarint(out ulong length) || length > (ulong)reader.Left)
            {
                return false;
            }

            numberOffset = datagram.Length - reader.Left;
            packet = datagram[..(numberOffset + (int)length)];
            datagram = datagram[packet.Length..];
            if (initial)
            {
                return packet.Length <= MaxPacket;
            }
        }
    }

    /// <summary>Opens a packet with the keys that follow from a connection id; false: it was not sealed with them.</summary>
    /// <param name="packet">As <see cref="TryHead"/> gave it.</param>
    /// <param name="numberOffset">As <see cref="TryHead"/> gave it.</param>
    /// <param name="version">As <see cref="TryHead"/> gave it.</param>
    /// <param name="connection">The client's first destination connection id.</param>
    /// <param name="frames">Room for <see cref="MaxPacket"/> bytes.</param>
    /// <param name="length">Bytes of frames.</param>
    public static bool TryOpen(ReadOnlySpan<byte> packet, int numberOffset, uint version, ReadOnlySpan<byte> connection, Span<byte> frames, out int length)
    {
        length = 0;
        if (packet.Length < numberOffset + 4 + Sample || packet.Length > MaxPacket)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[16];
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> mask = stackalloc byte[16];
        Keys(version, connection, key, nonce, mask);
        using (Aes header = Aes.Create())
        {
            header.SetKey(mask);
            header.EncryptEcb(packet.Slice(numberOffset + 4, Sample), mask, PaddingMode.None);
        }

        Span<byte> head = stackalloc byte[numberOffset + 4];
        packet[..head.Length].CopyTo(head);
        head[0] ^= (byte)(mask[0] & 0x0f);
        int numberLength = (head[0] & 3) + 1;
        for (int i = 0; i < numberLength; i++)
        {
            head[numberOffset + i] ^= mask[1 + i];
            nonce[12 - numberLength + i] ^= head[numberOffset + i];
        }

        head = head[..(numberOffset + numberLength)];
        ReadOnlySpan<byte> body = packet[head.Length..];
        if (body.Length < Tag || body.Length - Tag > frames.Length)
        {
            return false;
        }

        try
        {
            using AesGcm aead = new(key, Tag);
            aead.Decrypt(nonce, body[..^Tag], body[^Tag..], frames[..(body.Length - Tag)], head);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        length = body.Length - Tag;
        return true;
    }

    /// <summary>Finds the next CRYPTO frame among the frames that an Initial packet may hold (RFC 9000 §17.2.2); false: there is none any more.</summary>
    /// <param name="frames">Moves on behind what was read.</param>
    /// <param name="data">Bytes of the TLS handshake.</param>
    /// <param name="offset">Where they belong.</param>
    public static bool TryCrypto(ref ReadOnlySpan<byte> frames, out ReadOnlySpan<byte> data, out int offset)
    {
        const ulong padding = 0, ping = 1, ack = 2, ackWithEcn = 3, crypto = 6;
        data = default;
        offset = 0;
        ByteReader reader = new(frames);
        while (reader.TryVarint(out ulong type))
        {
            switch (type)
            {
                case padding or ping:
                    continue;
                case ack or ackWithEcn:
                    if (!TrySkipAck(ref reader, type == ackWithEcn))
                    {
                        frames = default;
                        return false;
                    }

                    continue;
                case crypto when reader.TryVarint(out ulong at) && at <= int.MaxValue && reader.TryVarint(out ulong count)
                    && count <= (ulong)reader.Left && reader.TryTake((int)count, out data):
                    offset = (int)at;
                    frames = reader.Rest;
                    return true;
                default:
                    // A close, or something that does not belong here.
                    frames = default;
                    return false;
            }
        }

        frames = default;
        return false;
    }

    private static bool TrySkipAck(ref ByteReader reader, bool ecn)
    {
        if (!reader.TryVarint(out _) || !reader.TryVarint(out _) || !reader.TryVarint(out ulong ranges) || !reader.TryVarint(out _) || ranges > (ulong)reader.Left)
        {
            return false;
        }

        for (ulong i = 0; i < (2 * ranges) + (ecn ? 3u : 0u); i++)
        {
            if (!reader.TryVarint(out _))
            {
                return false;
            }
        }

        return true;
    }

    // 0 Initial, 1 0-RTT, 2 Handshake, 3 Retry; version 2 counts from another start.
    private static int TypeOf(byte first, uint version) => version == Version2 ? (((first >> 4) & 3) + 3) & 3 : (first >> 4) & 3;

    // Null: not known.
    private static byte[]? SaltOf(uint version) => version switch
    {
        Version1 or 0xff00_0021 or 0xff00_0022 => s_salt1,
        Version2 => s_salt2,
        >= Draft29 and <= 0xff00_0020 => s_salt29,
        (>= 0xff00_0017 and <= 0xff00_001c) or 0xface_b002 or 0xface_b00e => s_salt23,
        0xff00_0015 or 0xff00_0016 or 0xface_b001 => s_salt21,
        _ => null,
    };

    private static void Keys(uint version, ReadOnlySpan<byte> connection, Span<byte> key, Span<byte> nonce, Span<byte> mask)
    {
        Span<byte> initial = stackalloc byte[32];
        Span<byte> client = stackalloc byte[32];
        HKDF.Extract(HashAlgorithmName.SHA256, connection, SaltOf(version)!, initial);
        Expand(initial, "client in"u8, client);
        Expand(client, version == Version2 ? "quicv2 key"u8 : "quic key"u8, key);
        Expand(client, version == Version2 ? "quicv2 iv"u8 : "quic iv"u8, nonce);
        Expand(client, version == Version2 ? "quicv2 hp"u8 : "quic hp"u8, mask);
    }

    // HKDF-Expand-Label of RFC 8446 §7.1, without context.
    private static void Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[2 + 1 + 6 + 16 + 1];
        (info[0], info[1], info[2]) = (0, (byte)output.Length, (byte)(6 + label.Length));
        "tls13 "u8.CopyTo(info[3..]);
        label.CopyTo(info[9..]);
        info[9 + label.Length] = 0;
        HKDF.Expand(HashAlgorithmName.SHA256, secret, output, info[..(10 + label.Length)]);
    }
}
