using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pqc.Crypto.NtruPrime;
using Org.BouncyCastle.Security;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>sntrup761x25519-sha512@openssh.com: both secrets, hashed to one string.</summary>
internal sealed class HybridExchange : KeyExchange
{
    private const int PublicLength = 1158;

    public override HashAlgorithmName Hash => HashAlgorithmName.SHA512;

    public override bool SecretIsString => true;

    public override bool TryAnswer(ReadOnlySpan<byte> clientValue, out byte[] serverValue, out byte[] secret)
    {
        (serverValue, secret) = ([], []);
        if (clientValue.Length != PublicLength + Curve25519Exchange.Length
            || !Curve25519Exchange.TryAgree(clientValue[PublicLength..], out byte[] point, out byte[] curveSecret))
        {
            return false;
        }

        SNtruPrimePublicKeyParameters key = new(SNtruPrimeParameters.sntrup761, clientValue[..PublicLength].ToArray());
        using ISecretWithEncapsulation sealedSecret = new SNtruPrimeKemGenerator(new SecureRandom()).GenerateEncapsulated(key);
        serverValue = [.. sealedSecret.GetEncapsulation(), .. point];
        secret = SHA512.HashData([.. sealedSecret.GetSecret(), .. curveSecret]);
        return true;
    }
}
