using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Blackwall.Siem.Transport;

/// <summary>Connections to sinks: no proxy, no redirects, certificates always checked, by the sink's own authority where it names one.</summary>
internal static class SinkClient
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    public static HttpClient Create(string? authority)
    {
#pragma warning disable CA2000 // The client disposes of it.
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = Tls("", authority),
        };
#pragma warning restore CA2000
        HttpClient client = new(handler) { Timeout = AnswerTimeout };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(Formats.Product.Vendor, Formats.Product.Version));
        return client;
    }

    public static SslClientAuthenticationOptions Tls(string host, string? authority)
    {
        SslClientAuthenticationOptions options = new();
        if (host.Length > 0)
        {
            options.TargetHost = host;
        }

        if (authority is not null)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authority);
            options.CertificateChainPolicy = policy;
        }

        return options;
    }

    /// <summary>Retry-After of an answer, at most ten minutes: events are worth less the later they come.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        TimeSpan? wait = response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - time.GetUtcNow();
        return wait is { } some ? TimeSpan.FromSeconds(Math.Clamp(some.TotalSeconds, 0, 600)) : null;
    }
}
