using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace Blackwall.Tarpit.World;

/// <summary>Keys that follow from the installation's seed, so that they are the same after a restart without being kept.</summary>
internal static class SeededKeys
{
    private const int Certainty = 80;

    /// <summary>An RSA key with exponent 65537.</summary>
    /// <param name="name">Which key.</param>
    /// <param name="bits">Its length.</param>
    public static RSA Rsa(Machine machine, string name, int bits)
    {
        RsaKeyPairGenerator generator = new();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65_537), new SecureRandom(new Stream(machine.Bytes("key-" + name, 32))), bits, Certainty));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        RsaPrivateCrtKeyParameters key = (RsaPrivateCrtKeyParameters)pair.Private;
        int half = bits / 16;
        return RSA.Create(new RSAParameters
        {
            Modulus = Padded(key.Modulus, bits / 8),
            Exponent = key.PublicExponent.ToByteArrayUnsigned(),
            D = Padded(key.Exponent, bits / 8),
            P = Padded(key.P, half),
            Q = Padded(key.Q, half),
            DP = Padded(key.DP, half),
            DQ = Padded(key.DQ, half),
            InverseQ = Padded(key.QInv, half),
        });
    }

    private static byte[] Padded(BigInteger value, int length)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    // SHA-256 of the seed and a counter.
    private sealed class Stream(byte[] seed) : IRandomGenerator
    {
        private long _counter;

        public void AddSeedMaterial(byte[] seed)
        {
            // The seed alone decides.
        }

        public void AddSeedMaterial(ReadOnlySpan<byte> seed)
        {
            // The seed alone decides.
        }

        public void AddSeedMaterial(long seed)
        {
            // The seed alone decides.
        }

        public void NextBytes(byte[] bytes) => NextBytes(bytes.AsSpan());

        public void NextBytes(byte[] bytes, int start, int len) => NextBytes(bytes.AsSpan(start, len));

        public void NextBytes(Span<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                byte[] block = SHA256.HashData([.. seed, .. BitConverter.GetBytes(_counter++)]);
                int length = Math.Min(block.Length, bytes.Length);
                block.AsSpan(0, length).CopyTo(bytes);
                bytes = bytes[length..];
            }
        }
    }
}
