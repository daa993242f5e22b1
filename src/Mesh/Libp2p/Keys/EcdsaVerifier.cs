using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>ECDSA over P-256, P-384 or P-521 with SHA-256; signatures are a DER sequence of r and s.</summary>
internal sealed class EcdsaVerifier : ISignatureVerifier
{
    private const int MaxSignature = 141;
    private const int MaxKey = 200;
    private readonly ECParameters _key;

    private EcdsaVerifier(ECParameters key) => _key = key;

    public static EcdsaVerifier? TryCreate(ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxKey)
        {
            return null;
        }

        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(data, out int read);
            ECParameters key = ecdsa.ExportParameters(includePrivateParameters: false);
            return read == data.Length && key.Curve.IsNamed && key.Curve.Oid.Value is "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35" ? new EcdsaVerifier(key) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length is 0 or > MaxSignature)
        {
            return false;
        }

        try
        {
            using var ecdsa = ECDsa.Create(_key);
            return ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
