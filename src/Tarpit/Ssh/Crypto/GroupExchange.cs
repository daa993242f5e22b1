using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>Diffie-Hellman in a group that is known (RFC 8268) or was chosen (RFC 4419).</summary>
internal sealed class GroupExchange(DhGroup group, HashAlgorithmName hash) : KeyExchange
{
    // Twice the strength of the strongest cipher and MAC key that can follow, as OpenSSH takes it.
    private const int ExponentLength = 64;

    public override HashAlgorithmName Hash => hash;

    public override bool ValuesAreNumbers => true;

    public override bool TryAnswer(ReadOnlySpan<byte> clientValue, out byte[] serverValue, out byte[] secret)
    {
        (serverValue, secret) = ([], []);
        if (clientValue.IsEmpty || clientValue.Length > (group.Prime.BitLength / 8) + 1 || clientValue[0] >= 0x80)
        {
            return false;
        }

        BigInteger theirs = new(1, clientValue);

        // As dh_pub_is_valid: within 2..p-2.
        if (theirs.CompareTo(BigInteger.Two) < 0 || theirs.CompareTo(group.Prime.Subtract(BigInteger.Two)) > 0)
        {
            return false;
        }

        BigInteger exponent = new(1, RandomNumberGenerator.GetBytes(ExponentLength));
        serverValue = group.Generator.ModPow(exponent, group.Prime).ToByteArrayUnsigned();
        secret = theirs.ModPow(exponent, group.Prime).ToByteArrayUnsigned();
        return true;
    }
}
