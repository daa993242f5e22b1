using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql;

/// <summary>
/// The keys that mysqld makes at its first start: one to cover passwords with, and a certificate signed by an authority of its own. They follow from
/// the installation's seed and take a moment: they are made when first needed. Thread-safe.
/// </summary>
internal sealed class ServerKeys(Machine machine, string version) : IDisposable
{
    private const int Bits = 2048;
    private const int Years = 10;

    private readonly Lazy<RSA> _exchange = new(() => SeededKeys.Rsa(machine, "mysql-exchange", Bits));
    private readonly Lazy<X509Certificate2> _certificate = new(() => MakeCertificate(machine, version));

    /// <summary>SubjectPublicKeyInfo in PEM, ends with a new line.</summary>
    public string PublicKey => _exchange.Value.ExportSubjectPublicKeyInfoPem() + "\n";

    public X509Certificate2 Certificate => _certificate.Value;

    /// <summary>Null: it was not made for our key.</summary>
    public byte[]? Decrypt(ReadOnlySpan<byte> cipher)
    {
        try
        {
            return _exchange.Value.Decrypt(cipher, RSAEncryptionPadding.OaepSHA1);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_exchange.IsValueCreated)
        {
            _exchange.Value.Dispose();
        }

        if (_certificate.IsValueCreated)
        {
            _certificate.Value.Dispose();
        }
    }

    private static X509Certificate2 MakeCertificate(Machine machine, string version)
    {
        string name = version.Split('-')[0];
        DateTimeOffset from = machine.SetUp.AddMinutes(4);
        using RSA authorityKey = SeededKeys.Rsa(machine, "mysql-authority", Bits);
        CertificateRequest authority = new($"CN=MySQL_Server_{name}_Auto_Generated_CA_Certificate", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using RSA key = SeededKeys.Rsa(machine, "mysql-server", Bits);
        CertificateRequest server = new($"CN=MySQL_Server_{name}_Auto_Generated_Server_Certificate", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        X509SignatureGenerator signer = X509SignatureGenerator.CreateForRSA(authorityKey, RSASignaturePadding.Pkcs1);
        using X509Certificate2 signed = server.Create(authority.SubjectName, signer, from, from.AddYears(Years), [2]);
        return signed.CopyWithPrivateKey(key);
    }
}
