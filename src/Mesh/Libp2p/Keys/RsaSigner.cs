using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>RSA PKCS #1 v1.5 with SHA-256; stored as PKCS #1 in DER.</summary>
internal sealed class RsaSigner : ISigner
{
    private readonly RSA _key;

    private RsaSigner(RSA key) => _key = key;

    public byte[] PublicData => _key.ExportSubjectPublicKeyInfo();

    public byte[] PrivateData => _key.ExportRSAPrivateKey();

    public static RsaSigner Generate() => new(RSA.Create(RsaVerifier.MinBits));

    public static RsaSigner? TryCreate(ReadOnlySpan<byte> data)
    {
        var key = RSA.Create();
        try
        {
            key.ImportRSAPrivateKey(data, out int read);
            if (read == data.Length && key.KeySize is >= RsaVerifier.MinBits and <= RsaVerifier.MaxBits)
            {
                return new RsaSigner(key);
            }
        }
        catch (CryptographicException)
        {
            // Said by the caller: it holds no valid key.
        }

        key.Dispose();
        return null;
    }

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (_key)
        {
            return _key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    public void Dispose() => _key.Dispose();
}
