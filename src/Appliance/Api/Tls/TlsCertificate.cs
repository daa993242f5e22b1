using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Blackwall.Api.Tls;

/// <summary>A certificate with its key, and the certificates of the authorities between it and a root.</summary>
internal sealed class TlsCertificate : IDisposable
{
    private readonly X509Certificate2Collection _chain;

    private TlsCertificate(X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        (Leaf, _chain) = (leaf, chain);
        Context = SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads two PEM files, the server's own certificate being the first of its file.</summary>
    /// <exception cref="CryptographicException">They hold something else, or do not belong together.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public static TlsCertificate Load(string certificatePath, string keyPath)
    {
        string pem = File.ReadAllText(certificatePath);
        X509Certificate2 leaf = X509Certificate2.CreateFromPem(pem, File.ReadAllText(keyPath));
        X509Certificate2Collection all = [];
        all.ImportFromPem(pem);
        X509Certificate2Collection chain = [.. all.Skip(1)];
        all[0].Dispose();
        return new TlsCertificate(leaf, chain);
    }

    public void Dispose()
    {
        Leaf.Dispose();
        foreach (X509Certificate2 certificate in _chain)
        {
            certificate.Dispose();
        }
    }
}
