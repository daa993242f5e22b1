using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.Tls;

/// <summary>The certificate that Ubuntu makes for a machine when its web server is installed: self-signed, for ten years, in the machine's name. The same after a restart.</summary>
internal static class WebCertificate
{
    private const int Years = 10;
    private const int SerialLength = 20;

    /// <param name="key">PKCS#8, RSA.</param>
    public static SslStreamCertificateContext Create(Machine machine, byte[] key)
    {
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key, out _);
        CertificateRequest request = new($"CN={machine.HostName}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: false));
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(machine.HostName);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = machine.Bytes("certificate", SerialLength);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        DateTimeOffset from = machine.SetUp.AddTicks(-(machine.SetUp.Ticks % TimeSpan.TicksPerSecond));
        using X509Certificate2 issued = request.Create(request.SubjectName, X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), from, from.AddDays((Years * 365) - 1), serial);
        return SslStreamCertificateContext.Create(issued.CopyWithPrivateKey(rsa), additionalCertificates: null, offline: true);
    }
}
