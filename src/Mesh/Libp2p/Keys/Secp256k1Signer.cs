using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>ECDSA over secp256k1 with deterministic nonces (RFC 6979) and low s; stored as the 32-byte scalar.</summary>
internal sealed class Secp256k1Signer : ISigner
{
    private const int ScalarLength = 32;
    private readonly ECPrivateKeyParameters _key;

    private Secp256k1Signer(BigInteger scalar) => _key = new ECPrivateKeyParameters(scalar, Secp256k1Verifier.Curve);

    public byte[] PublicData => Secp256k1Verifier.Curve.G.Multiply(_key.D).Normalize().GetEncoded(compressed: true);

    public byte[] PrivateData => Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(ScalarLength, _key.D);

    public static Secp256k1Signer Generate()
    {
        while (true)
        {
            if (TryCreate(RandomNumberGenerator.GetBytes(ScalarLength)) is { } signer)
            {
                return signer;
            }
        }
    }

    public static Secp256k1Signer? TryCreate(ReadOnlySpan<byte> data)
    {
        if (data.Length != ScalarLength)
        {
            return null;
        }

        var scalar = new BigInteger(1, data.ToArray());
        return scalar.SignValue > 0 && scalar.CompareTo(Secp256k1Verifier.Curve.N) < 0 ? new Secp256k1Signer(scalar) : null;
    }

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(forSigning: true, _key);
        BigInteger[] signature = signer.GenerateSignature(SHA256.HashData(message));
        BigInteger order = Secp256k1Verifier.Curve.N;

        // Several implementations take only the lower of the two values of s that hold.
        BigInteger s = signature[1].CompareTo(order.ShiftRight(1)) > 0 ? order.Subtract(signature[1]) : signature[1];
        return new DerSequence(new DerInteger(signature[0]), new DerInteger(s)).GetDerEncoded();
    }

    public void Dispose()
    {
    }
}
