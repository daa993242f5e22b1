using System.Security.Cryptography;
using Blackwall.Tarpit.Ssh.Wire;
using Org.BouncyCastle.Crypto.Parameters;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>The three host keys of a server. Thread-safe.</summary>
internal sealed class HostKeys : IDisposable
{
    private readonly RSA _rsa;
    private readonly ECDsa _ecdsa;
    private readonly Ed25519PrivateKeyParameters _ed25519;

    /// <param name="rsa">PKCS#8.</param>
    /// <param name="ecdsa">PKCS#8, on P-256.</param>
    /// <param name="ed25519">The seed, 32 bytes.</param>
    public HostKeys(byte[] rsa, byte[] ecdsa, byte[] ed25519)
    {
        _rsa = RSA.Create();
        _rsa.ImportPkcs8PrivateKey(rsa, out _);
        _ecdsa = ECDsa.Create();
        _ecdsa.ImportPkcs8PrivateKey(ecdsa, out _);
        _ed25519 = new Ed25519PrivateKeyParameters(ed25519, 0);
        RSAParameters numbers = _rsa.ExportParameters(includePrivateParameters: false);
        ECPoint point = _ecdsa.ExportParameters(includePrivateParameters: false).Q;
        Rsa = new SshWriter().Text("ssh-rsa").MpInt(numbers.Exponent).MpInt(numbers.Modulus).ToArray();
        Ecdsa = new SshWriter().Text("ecdsa-sha2-nistp256").Text("nistp256").Bytes([4, .. point.X!, .. point.Y!]).ToArray();
        Ed25519 = new SshWriter().Text("ssh-ed25519").Bytes(_ed25519.GeneratePublicKey().GetEncoded()).ToArray();
    }

    /// <summary>Public keys as they travel.</summary>
    public byte[] Rsa { get; }

    public byte[] Ecdsa { get; }

    public byte[] Ed25519 { get; }

    /// <summary>The public key that a host key algorithm signs with.</summary>
    public byte[] Public(string algorithm) => algorithm switch
    {
        "ssh-ed25519" => Ed25519,
        "ecdsa-sha2-nistp256" => Ecdsa,
        _ => Rsa,
    };

    /// <summary>A signature as it travels, with its algorithm's name.</summary>
    public byte[] Sign(string algorithm, ReadOnlySpan<byte> data)
    {
        SshWriter writer = new SshWriter(512).Text(algorithm);
        switch (algorithm)
        {
            case "ssh-ed25519":
                byte[] signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
                _ed25519.Sign(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, ctx: null, data.ToArray(), 0, data.Length, signature, 0);
                return writer.Bytes(signature).ToArray();
            case "ecdsa-sha2-nistp256":
                byte[] numbers;
                lock (_ecdsa)
                {
                    numbers = _ecdsa.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                }

                return writer.Bytes(new SshWriter().MpInt(numbers.AsSpan(0, 32)).MpInt(numbers.AsSpan(32)).Written).ToArray();
            default:
                HashAlgorithmName hash = algorithm is "rsa-sha2-256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
                lock (_rsa)
                {
                    return writer.Bytes(_rsa.SignData(data, hash, RSASignaturePadding.Pkcs1)).ToArray();
                }
        }
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _ecdsa.Dispose();
    }
}
