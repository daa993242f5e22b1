using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>ecdh-sha2-nistp* (RFC 5656 §4).</summary>
internal sealed class EcdhExchange(ECCurve curve, int fieldLength, HashAlgorithmName hash) : KeyExchange
{
    private const byte Uncompressed = 4;

    public override HashAlgorithmName Hash => hash;

    public override bool TryAnswer(ReadOnlySpan<byte> clientValue, out byte[] serverValue, out byte[] secret)
    {
        (serverValue, secret) = ([], []);
        if (clientValue.Length != 1 + (2 * fieldLength) || clientValue[0] != Uncompressed)
        {
            return false;
        }

        try
        {
            using ECDiffieHellman theirs = ECDiffieHellman.Create(new ECParameters
            {
                Curve = curve,
                Q = new ECPoint { X = clientValue.Slice(1, fieldLength).ToArray(), Y = clientValue[(1 + fieldLength)..].ToArray() },
            });
            using ECDiffieHellman ours = ECDiffieHellman.Create(curve);
            ECPoint point = ours.ExportParameters(includePrivateParameters: false).Q;
            serverValue = [Uncompressed, .. point.X!, .. point.Y!];
            secret = ours.DeriveRawSecretAgreement(theirs.PublicKey);
            return true;
        }
        catch (CryptographicException)
        {
            // Not a point of the curve.
            return false;
        }
    }
}
