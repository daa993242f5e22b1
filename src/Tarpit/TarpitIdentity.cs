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
    private const int CertificateBits = 2048;

    /// <summary>Key of the web server's certificate: PKCS#8, 2048 bits; null: an identity of an earlier version, see <see cref="Complete"/>.</summary>
    public byte[]? Tls { get; init; }

    /// <summary>Keys of the database server; null: an identity of an earlier version, see <see cref="Complete"/>.</summary>
    public DatabaseKeys? Database { get; init; }

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
        return identity is { Tls: not null, Database: not null }
            ? identity
            : identity with { Tls = identity.Tls ?? NewKey(), Database = identity.Database ?? new DatabaseKeys(NewKey(), NewKey(), NewKey()) };
    }

    private static byte[] NewKey()
    {
        using RSA key = RSA.Create(CertificateBits);
        return key.ExportPkcs8PrivateKey();
    }
}
