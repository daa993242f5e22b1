using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>curve25519-sha256 (RFC 8731).</summary>
internal sealed class Curve25519Exchange : KeyExchange
{
    public const int Length = 32;

    public override HashAlgorithmName Hash => HashAlgorithmName.SHA256;

    public override bool TryAnswer(ReadOnlySpan<byte> clientValue, out byte[] serverValue, out byte[] secret) => TryAgree(clientValue, out serverValue, out secret);

    public static bool TryAgree(ReadOnlySpan<byte> clientValue, out byte[] serverValue, out byte[] secret)
    {
        (serverValue, secret) = ([], []);
        if (clientValue.Length != Length)
        {
            return false;
        }

        X25519PrivateKeyParameters key = new(new SecureRandom());
        byte[] shared = new byte[Length];
        X25519Agreement agreement = new();
        agreement.Init(key);
        try
        {
            agreement.CalculateAgreement(new X25519PublicKeyParameters(clientValue.ToArray(), 0), shared, 0);
        }
        catch (InvalidOperationException)
        {
            // The secret would be zero: a point of small order.
            return false;
        }

        (serverValue, secret) = (key.GeneratePublicKey().GetEncoded(), shared);
        return true;
    }
}
