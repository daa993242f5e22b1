using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tests.Fingerprints;

/// <summary>Seals QUIC Initial packets as a client does (RFC 9001 §5, RFC 9369 §3, draft 29), for tests: written from the RFCs, not from the product.</summary>
internal sealed class QuicClient
{
    public const uint Version1 = 1;
    public const uint Version2 = 0x6b3343cf;
    public const uint Draft29 = 0xff00001d;

    private readonly uint _version;
    private readonly byte[] _destination;

    public QuicClient(uint version, byte[] destination)
    {
        (_version, _destination) = (version, destination);
        string salt = version switch
        {
            Version2 => "0dede3def700a6db819381be6e269dcbf9bd2ed9",
            0xff00001b => "c3eef712c72ebb5a11a7d2432bb46365bef9f502",
            0xfaceb001 => "7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a",
            Draft29 => "afbfec289993d24c9e9786f19c6111e04390a899",
            _ => "38762cf7f55934b34d179ae6a4c80cadccbb7f0a",
        };
        byte[] initial = HKDF.Extract(HashAlgorithmName.SHA256, destination, Convert.FromHexString(salt));
        byte[] secret = Expand(initial, "client in", 32);
        string prefix = version == Version2 ? "quicv2 " : "quic ";
        (Key, Iv, Mask) = (Expand(secret, prefix + "key", 16), Expand(secret, prefix + "iv", 12), Expand(secret, prefix + "hp", 16));
    }

    public byte[] Key { get; }

    public byte[] Iv { get; }

    public byte[] Mask { get; }

    /// <summary>A CRYPTO frame.</summary>
    public static byte[] Crypto(byte[] stream, int from, int count) => [6, .. Varint(from), .. Varint(count), .. stream[from..(from + count)]];

    /// <summary>One Initial packet with these frames, filled up with PADDING to a length.</summary>
    public byte[] Seal(byte[] frames, uint number = 0, int length = 1200, byte[]? token = null, byte[]? under = null)
    {
        byte[] destination = under ?? _destination;
        int overhead = 1 + 4 + 1 + destination.Length + 1 + Varint(token?.Length ?? 0).Length + (token?.Length ?? 0) + 2 + 4;
        byte[] plain = [.. frames, .. new byte[Math.Max(0, length - overhead - 16 - frames.Length)]];
        byte type = _version == Version2 ? (byte)1 : (byte)0;
        byte[] head =
        [
            (byte)(0xc0 | (type << 4) | 3), (byte)(_version >> 24), (byte)(_version >> 16), (byte)(_version >> 8), (byte)_version,
            (byte)destination.Length, .. destination, 0, .. Varint(token?.Length ?? 0), .. token ?? [],
            (byte)(0x40 | ((4 + plain.Length + 16) >> 8)), (byte)(4 + plain.Length + 16),
            (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number,
        ];
        byte[] nonce = [.. Iv];
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(8), BinaryPrimitives.ReadUInt32BigEndian(nonce.AsSpan(8)) ^ number);
        byte[] cipher = new byte[plain.Length];
        byte[] tag = new byte[16];
        using (AesGcm aead = new(Key, 16))
        {
            aead.Encrypt(nonce, plain, cipher, tag, head);
        }

        byte[] packet = [.. head, .. cipher, .. tag];
        using Aes aes = Aes.Create();
        aes.Key = Mask;
        byte[] mask = aes.EncryptEcb(packet.AsSpan(head.Length, 16), PaddingMode.None);
        packet[0] ^= (byte)(mask[0] & 0x0f);
        for (int i = 0; i < 4; i++)
        {
            packet[head.Length - 4 + i] ^= mask[1 + i];
        }

        return packet;
    }

    private static byte[] Varint(int value) => value < 64 ? [(byte)value] : [(byte)(0x40 | (value >> 8)), (byte)value];

    private static byte[] Expand(byte[] secret, string label, int length)
    {
        byte[] text = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [0, (byte)length, (byte)text.Length, .. text, 0]);
    }
}
