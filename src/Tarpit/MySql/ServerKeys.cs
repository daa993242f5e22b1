using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql;

/// <summary>The keys that mysqld makes at its first start: one to cover passwords with, and a certificate signed by an authority of its own. Thread-safe.</summary>
internal sealed class ServerKeys : IDisposable
{
    private const int Years = 10;

    private readonly RSA _exchange;

    public ServerKeys(Machine machine, string version, DatabaseKeys keys)
    {
        _exchange = Import(keys.Exchange);
        Certificate = MakeCertificate(machine, version, keys);
    }

    /// <summary>SubjectPublicKeyInfo in PEM, ends with a new line.</summary>
    public string PublicKey => _exchange.ExportSubjectPublicKeyInfoPem() + "\n";

    public X509Certificate2 Certificate { get; }

    /// <summary>Null: it was not made for our key.</summary>
    public byte[]? Decrypt(ReadOnlySpan<byte> cipher)
    {
        try
        {
            return _exchange.Decrypt(cipher, RSAEncryptionPadding.OaepSHA1);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _exchange.Dispose();
        Certificate.Dispose();
    }

    private static RSA Import(byte[] key)
    {
        RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key, out _);
        return rsa;
    }

    private static X509Certificate2 MakeCertificate(Machine machine, string version, DatabaseKeys keys)
    {
        string name = version.Split('-')[0];
        DateTimeOffset from = machine.SetUp.AddMinutes(4);
        using RSA authorityKey = Import(keys.Authority);
        CertificateRequest authority = new($"CN=MySQL_Server_{name}_Auto_Generated_CA_Certificate", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using RSA key = Import(keys.Server);
        CertificateRequest server = new($"CN=MySQL_Server_{name}_Auto_Generated_Server_Certificate", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        X509SignatureGenerator signer = X509SignatureGenerator.CreateForRSA(authorityKey, RSASignaturePadding.Pkcs1);
        using X509Certificate2 signed = server.Create(authority.SubjectName, signer, from, from.AddYears(Years), [2]);
        return signed.CopyWithPrivateKey(key);
    }
}
