using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>RSA PKCS #1 v1.5 with SHA-256, 2,048 to 8,192 bits.</summary>
internal sealed class RsaVerifier : ISignatureVerifier
{
    public const int MinBits = 2048;
    public const int MaxBits = 8192;
    private readonly RSAParameters _key;

    private RsaVerifier(RSAParameters key) => _key = key;

    public static RsaVerifier? TryCreate(ReadOnlySpan<byte> data)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(data, out int read);
            RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);

            // The exponent decides the cost of each check, and the owner of the key chooses it.
            return read == data.Length && rsa.KeySize is >= MinBits and <= MaxBits && key.Exponent is { Length: <= 4 } && rsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(data)
                ? new RsaVerifier(key)
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _key.Modulus!.Length)
        {
            return false;
        }

        try
        {
            using var rsa = RSA.Create(_key);
            return rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
