using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>ECDSA over secp256k1 with SHA-256; signatures are a DER sequence of r and s.</summary>
internal sealed class Secp256k1Verifier : ISignatureVerifier
{
    /// <summary>Bytes of a compressed point.</summary>
    public const int KeyLength = 33;

    // SEQUENCE of two INTEGERs of 33 bytes at most.
    private const int MaxSignature = 72;
    private readonly ECPublicKeyParameters _key;

    private Secp256k1Verifier(ECPublicKeyParameters key) => _key = key;

    public static ECDomainParameters Curve { get; } = new(X9());

    public static Secp256k1Verifier? TryCreate(ReadOnlySpan<byte> data)
    {
        if (data.Length != KeyLength || data[0] is not (2 or 3))
        {
            return null;
        }

        try
        {
            return new Secp256k1Verifier(new ECPublicKeyParameters(Curve.Curve.DecodePoint(data.ToArray()), Curve));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or ArithmeticException)
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
            if (Asn1Object.FromByteArray(signature.ToArray()) is not Asn1Sequence { Count: 2 } parts
                || parts[0] is not DerInteger r
                || parts[1] is not DerInteger s
                || !parts.GetEncoded(Asn1Encodable.Der).AsSpan().SequenceEqual(signature))
            {
                return false;
            }

            var verifier = new ECDsaSigner();
            verifier.Init(forSigning: false, _key);
            return verifier.VerifySignature(SHA256.HashData(message), r.PositiveValue, s.PositiveValue);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or InvalidOperationException or ArithmeticException or InvalidCastException)
        {
            return false;
        }
    }

    private static X9ECParameters X9() => SecNamedCurves.GetByName("secp256k1");
}
