using System.Security.Cryptography;

namespace Blackwall.Tarpit;

/// <summary>Who this installation is: the seed of its machine and its host keys. Made once and kept by the host.</summary>
/// <param name="Seed">32 bytes.</param>
/// <param name="Installed">When it was made.</param>
/// <param name="Rsa">PKCS#8, 3072 bits.</param>
/// <param name="Ecdsa">PKCS#8, P-256.</param>
/// <param name="Ed25519">The seed of the key, 32 bytes.</param>
public sealed record TarpitIdentity(byte[] Seed, DateTimeOffset Installed, byte[] Rsa, byte[] Ecdsa, byte[] Ed25519)
{
    private const int SeedLength = 32;
    private const int RsaBits = 3072;
    private const int TlsBits = 2048;

    /// <summary>Key of the web server's certificate: PKCS#8, 2048 bits; null: an identity of an earlier version, see <see cref="Complete"/>.</summary>
    public byte[]? Tls { get; init; }

    public static TarpitIdentity Create(TimeProvider time)
    {
        using RSA rsa = RSA.Create(RsaBits);
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Complete(new TarpitIdentity(RandomNumberGenerator.GetBytes(SeedLength), time.GetUtcNow(), rsa.ExportPkcs8PrivateKey(), ecdsa.ExportPkcs8PrivateKey(), RandomNumberGenerator.GetBytes(SeedLength)));
    }

    /// <summary>Makes what an earlier version did not have. The same object: nothing was missing.</summary>
    public static TarpitIdentity Complete(TarpitIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        if (identity.Tls is not null)
        {
            return identity;
        }

        using RSA tls = RSA.Create(TlsBits);
        return identity with { Tls = tls.ExportPkcs8PrivateKey() };
    }
}
