using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;

using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using PublicKey = Blackwall.Mesh.Libp2p.Keys.PublicKey;

namespace Blackwall.Mesh.Libp2p.Quic;

/// <summary>Certificates that carry an identity: made for our own, checked for others'.</summary>
internal static class PeerCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public static X509Certificate2 Create(PrivateKey key, TimeProvider time)
    {
        using var certificateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=libp2p", certificateKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(TlsKeyExtension.Oid, TlsKeyExtension.Write(key, certificateKey.ExportSubjectPublicKeyInfo()), critical: false));
        DateTimeOffset now = time.GetUtcNow();
        return request.CreateSelfSigned(now - TimeSpan.FromHours(1), now + Lifetime);
    }

    /// <summary>The identity behind a certificate; null where it proves none, with the reason.</summary>
    public static PublicKey? TryRead(X509Certificate2 certificate, TimeProvider time, out string? error)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now.UtcDateTime < certificate.NotBefore.ToUniversalTime() || now.UtcDateTime > certificate.NotAfter.ToUniversalTime())
        {
            error = "the certificate is not valid at this time";
            return null;
        }

        X509Extension[] extensions = [.. certificate.Extensions.Where(extension => string.Equals(extension.Oid?.Value, TlsKeyExtension.Oid, StringComparison.Ordinal))];
        if (extensions.Length != 1)
        {
            error = "the certificate does not have exactly one libp2p extension";
            return null;
        }

        if (certificate.Extensions.FirstOrDefault(extension => extension.Critical && !IsKnown(extension)) is { } unknown)
        {
            error = $"the certificate has a critical extension that is not known: {unknown.Oid?.Value}";
            return null;
        }

        if (!IsSelfSigned(certificate))
        {
            error = "the certificate is not signed by its own key";
            return null;
        }

        return TlsKeyExtension.TryRead(extensions[0].RawData, certificate.PublicKey.ExportSubjectPublicKeyInfo(), out error);
    }

    private static bool IsKnown(X509Extension extension) => extension is X509BasicConstraintsExtension or X509KeyUsageExtension or X509EnhancedKeyUsageExtension
        || string.Equals(extension.Oid?.Value, TlsKeyExtension.Oid, StringComparison.Ordinal);

    // .NET's chain takes the signature of a trust anchor on trust.
    private static bool IsSelfSigned(X509Certificate2 certificate)
    {
        try
        {
            Org.BouncyCastle.X509.X509Certificate parsed = new X509CertificateParser().ReadCertificate(certificate.RawData);
            parsed.Verify(parsed.GetPublicKey());
            return true;
        }
        catch (Exception exception) when (exception is GeneralSecurityException or CryptoException or IOException or ArgumentException or InvalidOperationException or ArithmeticException)
        {
            return false;
        }
    }
}
