using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Api;
using Blackwall.Api.Tls;
using Blackwall.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>The identity of the API over https: an authority of its own or the operator's files, taken up while it runs.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-tls-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_that_trusts_the_appliances_authority_is_served_and_another_one_is_not()
    {
        using TlsIdentity identity = Identity(new ApiOptions { Listen = new Uri("https://127.0.0.1:9470"), TlsNames = ["edge.example.org"] });
        using X509Certificate2 authority = await TrustedAsync(identity);
        Assert.Equal(SslProtocols.Tls13, await ConnectAsync(identity, authority, "127.0.0.1", SslProtocols.None));
        Assert.Equal(SslProtocols.Tls12, await ConnectAsync(identity, authority, "edge.example.org", SslProtocols.Tls12));
        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectAsync(identity, authority, "other.example.org", SslProtocols.None));
        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectAsync(identity, null, "127.0.0.1", SslProtocols.None));
#pragma warning disable SYSLIB0039, CA5397 // What is refused is shown with what is old.
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(identity, authority, "127.0.0.1", SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "tls", "ca.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "tls", "server.key")));
    }

    [Fact]
    public void The_authority_stays_and_its_certificate_is_made_anew_before_it_ends_or_when_it_lacks_a_name()
    {
        OwnAuthority authority = new(_folder, _time);
        authority.Prepare(["localhost"]);
        (string ca, string first) = (File.ReadAllText(authority.CaPath), File.ReadAllText(authority.CertificatePath));
        authority.Prepare(["localhost"]);
        Assert.Equal(first, File.ReadAllText(authority.CertificatePath));
        authority.Prepare(["localhost", "192.0.2.1"]);
        string second = File.ReadAllText(authority.CertificatePath);
        Assert.NotEqual(first, second);
        _time.Advance(TimeSpan.FromDays(340));
        authority.Prepare(["localhost", "192.0.2.1"]);
        Assert.NotEqual(second, File.ReadAllText(authority.CertificatePath));
        Assert.Equal(ca, File.ReadAllText(authority.CaPath));
    }

    [Fact]
    public async Task New_files_are_taken_up_and_broken_ones_leave_the_former_in_place()
    {
        (string certificate, string key) = (Path.Combine(_folder, "own.pem"), Path.Combine(_folder, "own.key"));
        WriteOwn(certificate, key, "one.example.org");
        using TlsIdentity identity = Identity(new ApiOptions { Listen = new Uri("https://127.0.0.1:9470"), TlsCertificate = certificate, TlsKey = key });
        using X509Certificate2 first = X509CertificateLoader.LoadCertificateFromFile(certificate);
        await ConnectAsync(identity, first, "one.example.org", SslProtocols.None);

        await File.WriteAllTextAsync(certificate, "half a certif", Cancellation);
        Assert.Single(identity.Reload());
        Assert.Single(identity.Reload());
        Assert.NotNull(identity.Fault);
        await ConnectAsync(identity, first, "one.example.org", SslProtocols.None);

        WriteOwn(certificate, key, "two.example.org");
        using X509Certificate2 second = X509CertificateLoader.LoadCertificateFromFile(certificate);
        Assert.Empty(identity.Reload());
        Assert.Null(identity.Fault);
        await ConnectAsync(identity, second, "two.example.org", SslProtocols.None);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_a_fault()
    {
        (string certificate, string key) = (Path.Combine(_folder, "own.pem"), Path.Combine(_folder, "own.key"));
        WriteOwn(certificate, key, "one.example.org");
        using TlsIdentity identity = Identity(new ApiOptions { Listen = new Uri("https://127.0.0.1:9470"), TlsCertificate = certificate, TlsKey = key });
        await identity.StartAsync(Cancellation);
        Assert.Null(identity.Fault);
        _time.Advance(TimeSpan.FromDays(20));
        Assert.Contains("ends at", identity.Fault!, StringComparison.Ordinal);
    }

    private static async Task<X509Certificate2> TrustedAsync(TlsIdentity identity)
    {
        await identity.StartAsync(Cancellation);
        Assert.Null(identity.Fault);
        return X509CertificateLoader.LoadCertificateFromFile(identity.AuthorityPath);
    }

    private static async Task<SslProtocols> ConnectAsync(TlsIdentity identity, X509Certificate2? root, string name, SslProtocols protocols)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        using TcpClient accepted = await listener.AcceptTcpClientAsync(Cancellation);
        await using SslStream server = new(accepted.GetStream());
        await using SslStream stream = new(client.GetStream());
        Task serving = server.AuthenticateAsServerAsync(identity.Server(), Cancellation);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (root is not null)
        {
            policy.CustomTrustStore.Add(root);
        }

        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = name, EnabledSslProtocols = protocols, CertificateChainPolicy = policy }, Cancellation);
            await serving;
            return stream.SslProtocol;
        }
        finally
        {
            client.Close();
            await Task.WhenAny(serving);
        }
    }

    private static void WriteOwn(string certificate, string key, string name)
    {
        using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", pair, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
    }

    private TlsIdentity Identity(ApiOptions options) =>
        new(Options.Create(options), Options.Create(new StorageOptions { StateFolder = _folder }), _time, NullLogger<TlsIdentity>.Instance);
}
