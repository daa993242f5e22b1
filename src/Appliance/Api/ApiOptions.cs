using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Config;

namespace Blackwall.Api;

/// <summary>[api]: where the control plane listens.</summary>
public sealed class ApiOptions
{
    /// <summary>http:// on loopback, https:// anywhere.</summary>
    public Uri Listen { get; set; } = new("http://127.0.0.1:9470");

    /// <summary>PEM file with the certificate chain, for https.</summary>
    public string? TlsCertificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    public string? TlsKey { get; set; }

    /// <summary>Wrong keys that an address may send a minute before it has to wait; 1..1000.</summary>
    public int MaxFailures { get; set; } = 10;

    /// <summary>Keys at once; 1..10,000.</summary>
    public int MaxKeys { get; set; } = 256;

    /// <summary>Event streams open at once; 1..1000.</summary>
    public int MaxStreams { get; set; } = 64;

    /// <summary>"localhost" is 127.0.0.1.</summary>
    internal IPAddress ListenAddress => Listen.Host is "localhost" ? IPAddress.Loopback : IPAddress.Parse(Listen.Host.Trim('[', ']'));

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<ApiOptions>("api", new ApiOptions())
            .Text("listen", o => o.Listen.ToString(), SetListen)
            .Text("tls_certificate", o => o.TlsCertificate, (o, v) =>
            {
                o.TlsCertificate = v;
                return v.StartsWith('/') ? null : "is an absolute path";
            })
            .Text("tls_key", o => o.TlsKey, (o, v) =>
            {
                o.TlsKey = v;
                return v.StartsWith('/') ? null : "is an absolute path";
            })
            .Integer("max_failures", 1, 1000, o => o.MaxFailures, (o, v) => o.MaxFailures = (int)v)
            .Integer("max_keys", 1, 10_000, o => o.MaxKeys, (o, v) => o.MaxKeys = (int)v)
            .Integer("max_streams", 1, 1000, o => o.MaxStreams, (o, v) => o.MaxStreams = (int)v)
            .Together(CheckTls),
    ];

    internal X509Certificate2? LoadCertificate() =>
        TlsCertificate is null ? null : X509Certificate2.CreateFromPemFile(TlsCertificate, TlsKey);

    private static string? SetListen(ApiOptions options, string text)
    {
        const string allowed = "is http://ADDRESS:PORT or https://ADDRESS:PORT, without a path";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? listen) || listen.Scheme is not ("http" or "https") || listen.PathAndQuery is not "/" || listen.UserInfo.Length > 0
            || (listen.Host is not "localhost" && !IPAddress.TryParse(listen.Host.Trim('[', ']'), out _)))
        {
            return allowed;
        }

        options.Listen = listen;
        return null;
    }

    private static string? CheckTls(ApiOptions options)
    {
        if ((options.TlsCertificate is null) != (options.TlsKey is null))
        {
            return "api.tls_certificate and api.tls_key belong together.";
        }

        if (options.Listen.Scheme is "http")
        {
            return IPAddress.IsLoopback(options.ListenAddress) ? null : $"api.listen: {options.Listen} would send keys in clear over a network; use https:// with api.tls_certificate and api.tls_key, or 127.0.0.1.";
        }

        if (options.TlsCertificate is null)
        {
            return "api.listen: https:// needs api.tls_certificate and api.tls_key.";
        }

        try
        {
            using X509Certificate2? certificate = options.LoadCertificate();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"api.tls_certificate and api.tls_key cannot be used: {failure.Message}";
        }
    }
}
