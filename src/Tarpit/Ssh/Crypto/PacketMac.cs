using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>The MACs that OpenSSH offers by default (RFC 4253 §6.4, RFC 6668, draft-miller-secsh-umac).</summary>
internal sealed class PacketMac : IDisposable
{
    private readonly IncrementalHash? _hmac;
    private readonly Umac? _umac;

    /// <param name="name">Its name in the key exchange; "-etm" variants included.</param>
    /// <param name="key">At least <see cref="KeyLength"/> bytes.</param>
    public PacketMac(string name, ReadOnlySpan<byte> key)
    {
        EncryptThenMac = name.Contains("-etm@", StringComparison.Ordinal);
        if (name.StartsWith("umac-", StringComparison.Ordinal))
        {
            Length = name.StartsWith("umac-64", StringComparison.Ordinal) ? 8 : 16;
            _umac = new Umac(key[..16], Length);
            return;
        }

        (HashAlgorithmName hash, Length) = FindHash(name);
        _hmac = IncrementalHash.CreateHMAC(hash, key[..Length]);
    }

    /// <summary>Bytes of a tag.</summary>
    public int Length { get; }

    public bool EncryptThenMac { get; }

    public static int KeyLength(string name) => name.StartsWith("umac-", StringComparison.Ordinal) ? 16 : FindHash(name).Length;

    public void Compute(uint sequence, ReadOnlySpan<byte> packet, Span<byte> tag)
    {
        if (_umac is not null)
        {
            _umac.Compute(sequence, packet, tag);
            return;
        }

        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, sequence);
        _hmac!.AppendData(number);
        _hmac.AppendData(packet);
        _hmac.GetHashAndReset(tag);
    }

    public void Dispose()
    {
        _hmac?.Dispose();
        _umac?.Dispose();
    }

    private static (HashAlgorithmName Hash, int Length) FindHash(string name) => name.Split('-', '@') switch
    {
        ["hmac", "sha2", "512", ..] => (HashAlgorithmName.SHA512, 64),
        ["hmac", "sha2", "256", ..] => (HashAlgorithmName.SHA256, 32),
        _ => (HashAlgorithmName.SHA1, 20),
    };
}
