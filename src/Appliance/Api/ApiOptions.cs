using System.Net;
using System.Security.Cryptography;
using Blackwall.Config;

namespace Blackwall.Api;

/// <summary>[api]: where the control plane listens.</summary>
public sealed class ApiOptions
{
    /// <summary>http:// on loopback, https:// anywhere.</summary>
    public Uri Listen { get; set; } = new("http://127.0.0.1:9470");

    /// <summary>PEM file with the certificate chain, for https; null: a certificate of an authority of the appliance's own.</summary>
    public string? TlsCertificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    public string? TlsKey { get; set; }

    /// <summary>Further host names and addresses in the certificate that the appliance makes itself.</summary>
    public IReadOnlyList<string> TlsNames { get; set; } = [];

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
        new ConfigSection<ApiOptions>("api", "The control plane.", new ApiOptions())
            .Text("listen", "\"http://ADDRESS:PORT\" on loopback, \"https://ADDRESS:PORT\" anywhere.", o => o.Listen.ToString(), SetListen)
            .Text("tls_certificate", "Absolute path of the PEM file with the certificate chain, for https; not set: the appliance makes an authority of its own, whose certificate clients need (tls/ca.pem in the state folder).", o => o.TlsCertificate, (o, v) =>
            {
                o.TlsCertificate = v;
                return v.StartsWith('/') ? null : "must be an absolute path";
            })
            .Text("tls_key", "Absolute path of the PEM file with the private key.", o => o.TlsKey, (o, v) =>
            {
                o.TlsKey = v;
                return v.StartsWith('/') ? null : "must be an absolute path";
            })
            .List("tls_names", "Further host names and addresses in the certificate that the appliance makes itself when tls_certificate is not set; at most 32.", o => o.TlsNames, (o, v) =>
            {
                o.TlsNames = v;
                return v.Count <= 32 && v.All(name => Uri.CheckHostName(name) is not UriHostNameType.Unknown) ? null : "must be a list of at most 32 host names and addresses";
            })
            .Integer("max_failures", "Wrong keys that an address may send a minute before it has to wait.", 1, 1000, o => o.MaxFailures, (o, v) => o.MaxFailures = (int)v)
            .Integer("max_keys", "Keys at once.", 1, 10_000, o => o.MaxKeys, (o, v) => o.MaxKeys = (int)v)
            .Integer("max_streams", "Event streams open at once.", 1, 1000, o => o.MaxStreams, (o, v) => o.MaxStreams = (int)v)
            .Live("tls_certificate", "tls_key", "tls_names", "max_failures", "max_keys", "max_streams")
            .Together(CheckTls),
    ];

    private static string? SetListen(ApiOptions options, string text)
    {
        const string allowed = "must be http://ADDRESS:PORT or https://ADDRESS:PORT, without a path";
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
            return IPAddress.IsLoopback(options.ListenAddress) ? null : $"api.listen: {options.Listen} would send keys in clear over a network; use https://, or 127.0.0.1.";
        }

        if (options.TlsCertificate is null)
        {
            return null;
        }

        try
        {
            Tls.TlsCertificate.Load(options.TlsCertificate, options.TlsKey!).Dispose();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"api.tls_certificate and api.tls_key cannot be used: {failure.Message}";
        }
    }
}
