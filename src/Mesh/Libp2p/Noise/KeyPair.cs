using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Blackwall.Mesh.Libp2p.Noise;

/// <summary>An X25519 key pair. BouncyCastle's is twice as fast as libsodium's here, and .NET has none.</summary>
internal sealed class KeyPair
{
    public const int Length = 32;
    private readonly byte[] _private;

    private KeyPair(byte[] secret)
    {
        _private = secret;
        Public = new byte[Length];
        X25519.ScalarMultBase(_private, 0, Public, 0);
    }

    public byte[] Public { get; }

    public static KeyPair Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>A pair of a known secret of 32 bytes.</summary>
    public static KeyPair From(ReadOnlySpan<byte> secret) => new(secret.ToArray());

    /// <summary>Writes the shared secret. False for a point of low order, with which the secret is known to everybody.</summary>
    public bool TryAgree(ReadOnlySpan<byte> remote, Span<byte> secret)
    {
        byte[] result = new byte[Length];
        bool good = X25519.CalculateAgreement(_private, 0, remote.ToArray(), 0, result, 0);
        result.CopyTo(secret);
        CryptographicOperations.ZeroMemory(result);
        return good;
    }
}
