using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Storage;

namespace Blackwall.Api.Tls;

/// <summary>
/// A certificate authority of the appliance's own, in the folder "tls" of its state: ca.pem is what clients trust, and it signs the certificate of the
/// API (server.pem). All keys are NIST P-256 (RFC 5480) and readable by the appliance alone.
/// </summary>
internal sealed class OwnAuthority(string folder, TimeProvider time)
{
    private const int CaYears = 10;
    private const int ServerDays = 397;
    private const int RenewDays = 60;

    public string CaPath => Path.Combine(folder, "ca.pem");

    public string CertificatePath => Path.Combine(folder, "server.pem");

    public string KeyPath => Path.Combine(folder, "server.key");

    private string CaKeyPath => Path.Combine(folder, "ca.key");

    /// <summary>Makes what is not there, and a new certificate when the present one ends soon or lacks a name.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="CryptographicException">A file in it holds something else.</exception>
    public void Prepare(IReadOnlyCollection<string> names)
    {
        Directory.CreateDirectory(folder, WholeFile.OwnerOnly | UnixFileMode.UserExecute);
        if (!File.Exists(CaPath) || !File.Exists(CaKeyPath))
        {
            CreateAuthority();
        }

        if (!IsFit(names))
        {
            CreateServer(names);
        }
    }

    private void CreateAuthority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=Blackwall appliance {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(CaYears));
        WholeFile.Write(CaKeyPath, key.ExportPkcs8PrivateKeyPem());
        WholeFile.Write(CaPath, certificate.ExportCertificatePem(), WholeFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Delete(CertificatePath);
    }

    private void CreateServer(IReadOnlyCollection<string> names)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(CaPath, CaKeyPath);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Blackwall API", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = now.AddDays(ServerDays);
        DateTimeOffset last = new(authority.NotAfter.ToUniversalTime());
        using X509Certificate2 certificate = request.Create(authority, now.AddDays(-1), end < last ? end : last, RandomNumberGenerator.GetBytes(16));
        WholeFile.Write(KeyPath, key.ExportPkcs8PrivateKeyPem());
        WholeFile.Write(CertificatePath, certificate.ExportCertificatePem());
    }

    private bool IsFit(IReadOnlyCollection<string> names)
    {
        if (!File.Exists(CertificatePath) || !File.Exists(KeyPath))
        {
            return false;
        }

        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
            using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(CaPath);
            return certificate.NotAfter.ToUniversalTime() > time.GetUtcNow().UtcDateTime.AddDays(RenewDays)
                && certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
                && names.All(name => certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));
        }
        catch (Exception failure) when (failure is CryptographicException or AsnContentException)
        {
            return false;
        }
    }
}
