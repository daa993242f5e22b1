using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>ECDSA over P-256, P-384 or P-521 with SHA-256; signatures are a DER sequence of r and s.</summary>
internal sealed class EcdsaVerifier : ISignatureVerifier
{
    private const int MaxSignature = 141;

    // SubjectPublicKeyInfo of an uncompressed point on P-256, P-384 and P-521, up to the point: any other curve or form never reaches the parser.
    private static readonly byte[][] Prefixes =
    [
        Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
        Convert.FromHexString("3076301006072a8648ce3d020106052b8104002203620004"),
        Convert.FromHexString("30819b301006072a8648ce3d020106052b810400230381860004"),
    ];

    private readonly ECParameters _key;

    private EcdsaVerifier(ECParameters key) => _key = key;

    public static EcdsaVerifier? TryCreate(ReadOnlySpan<byte> data)
    {
        bool known = false;
        foreach (byte[] prefix in Prefixes)
        {
            known |= data.StartsWith(prefix);
        }

        if (!known)
        {
            return null;
        }

        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(data, out int read);
            ECParameters key = ecdsa.ExportParameters(includePrivateParameters: false);
            return read == data.Length ? new EcdsaVerifier(key) : null;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException or ArgumentException)
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
