using System.Security.Cryptography;
using Blackwall.Tarpit.Ssh.Wire;
using Org.BouncyCastle.Crypto.Parameters;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>Checks what a user signed with his key (RFC 4252 §7). Whatever is malformed is no signature.</summary>
internal static class PublicKeySignature
{
    private const int LargestModulus = 2048;
    private const int SmallestModulus = 128;

    public static bool IsKnown(string algorithm) => algorithm is "ssh-ed25519" or "rsa-sha2-256" or "rsa-sha2-512" or "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521";

    /// <param name="key">As it travels.</param>
    /// <param name="signature">As it travels: the algorithm's name and its bytes.</param>
    public static bool Verify(string algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        SshReader reader = new(signature);
        string name = reader.Text();
        ReadOnlySpan<byte> value = reader.Bytes();
        SshReader numbers = new(key);
        string type = numbers.Text();
        if (reader.Failed || numbers.Failed || !string.Equals(name, algorithm, StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return algorithm switch
            {
                "ssh-ed25519" when type is "ssh-ed25519" => VerifyEd25519(numbers.Bytes(), signed, value),
                "rsa-sha2-256" or "rsa-sha2-512" when type is "ssh-rsa" => VerifyRsa(algorithm, numbers.Bytes(), numbers.Bytes(), signed, value),
                _ when string.Equals(type, algorithm, StringComparison.Ordinal) && type.StartsWith("ecdsa-", StringComparison.Ordinal) => VerifyEcdsa(type, ref numbers, signed, value),
                _ => false,
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool VerifyEd25519(ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        key.Length == Ed25519PublicKeyParameters.KeySize && signature.Length == Ed25519PrivateKeyParameters.SignatureSize
        && new Ed25519PublicKeyParameters(key.ToArray(), 0).Verify(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, ctx: null, signed.ToArray(), 0, signed.Length, signature.ToArray(), 0);

    private static bool VerifyRsa(string algorithm, ReadOnlySpan<byte> exponent, ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        modulus = modulus.TrimStart((byte)0);
        if (modulus.Length is < SmallestModulus or > LargestModulus || exponent.Length > 8)
        {
            return false;
        }

        using RSA rsa = RSA.Create(new RSAParameters { Exponent = exponent.TrimStart((byte)0).ToArray(), Modulus = modulus.ToArray() });
        return rsa.VerifyData(signed, signature, algorithm is "rsa-sha2-256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1);
    }

    private static bool VerifyEcdsa(string type, ref SshReader numbers, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        (ECCurve curve, int size, HashAlgorithmName hash) = type switch
        {
            "ecdsa-sha2-nistp256" => (ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256),
            "ecdsa-sha2-nistp384" => (ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384),
            _ => (ECCurve.NamedCurves.nistP521, 66, HashAlgorithmName.SHA512),
        };
        numbers.Bytes();
        ReadOnlySpan<byte> point = numbers.Bytes();
        SshReader parts = new(signature);
        ReadOnlySpan<byte> r = parts.Bytes().TrimStart((byte)0), s = parts.Bytes().TrimStart((byte)0);
        if (numbers.Failed || parts.Failed || point.Length != 1 + (2 * size) || point[0] != 4 || r.Length > size || s.Length > size)
        {
            return false;
        }

        byte[] plain = new byte[2 * size];
        r.CopyTo(plain.AsSpan(size - r.Length));
        s.CopyTo(plain.AsSpan((2 * size) - s.Length));
        using ECDsa ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = point.Slice(1, size).ToArray(), Y = point[(1 + size)..].ToArray() } });
        return ecdsa.VerifyData(signed, plain, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
