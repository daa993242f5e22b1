using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Tls;

/// <summary>
/// What the API shows as its identity over https: the operator's files, or a certificate of its own authority. Files that changed are taken up within a
/// minute and on a reload; one that cannot be used leaves the former in place and is a fault. Thread-safe.
/// </summary>
internal sealed class TlsIdentity(IOptions<ApiOptions> options, IOptions<StorageOptions> storage, TimeProvider time, ILogger<TlsIdentity> log) : IHostedService, IReloadable, IHealthSource, IDisposable
{
    private const int WarnDays = 14;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private volatile TlsCertificate? _current;
    private (string, DateTime, string, DateTime) _stamp;
    private ITimer? _timer;
    private string? _fault;

    public string Name => "tls";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault) ?? Ends();

    /// <summary>Null: the API speaks http.</summary>
    public bool IsUsed => options.Value.Listen.Scheme is "https";

    /// <summary>What clients trust when no certificate was given.</summary>
    public string AuthorityPath => Authority.CaPath;

    private OwnAuthority Authority => new(Path.Combine(storage.Value.StateFolder, "tls"), time);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsUsed)
        {
            Reload();
            _timer = time.CreateTimer(_ => Reload(), null, LookEvery, LookEvery);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <summary>TLS 1.3, and 1.2 with forward secrecy and authenticated encryption (RFC 9325).</summary>
    /// <exception cref="CryptographicException">There is no certificate that can be used.</exception>
    /// <exception cref="IOException">Its files cannot be read.</exception>
    public SslServerAuthenticationOptions Server()
    {
        if (_current is null)
        {
            lock (_lock)
            {
                _current ??= Load();
            }
        }

        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _current.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            CipherSuitesPolicy = s_suites,
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Reload()
    {
        if (!IsUsed)
        {
            return [];
        }

        lock (_lock)
        {
            try
            {
                if (options.Value.TlsCertificate is null)
                {
                    Authority.Prepare(Names());
                }

                if (_current is null || Stamp() != _stamp)
                {
                    // The former one may still be in use by a handshake, so it is left to the collector.
                    _current = Load();
                    TlsLog.Taken(log, _current.Leaf.Subject, _current.Leaf.NotAfter.ToUniversalTime());
                }

                Volatile.Write(ref _fault, null);
                return [];
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
            {
                string sentence = $"The certificate of the API cannot be taken up ({failure.Message.TrimEnd('.')}); the former one goes on. Correct api.tls_certificate and api.tls_key.";
                Volatile.Write(ref _fault, sentence);
                return [sentence];
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _current?.Dispose();
    }

    private TlsCertificate Load()
    {
        if (options.Value.TlsCertificate is null)
        {
            Authority.Prepare(Names());
        }

        (string certificate, string key) = Files();
        (string, DateTime, string, DateTime) stamp = Stamp();
        TlsCertificate loaded = TlsCertificate.Load(certificate, key);

        // Only what could be used is known: a broken file is tried again, and stays a fault.
        _stamp = stamp;
        return loaded;
    }

    private (string Certificate, string Key) Files() =>
        options.Value.TlsCertificate is { } own ? (own, options.Value.TlsKey!) : (Authority.CertificatePath, Authority.KeyPath);

    private (string, DateTime, string, DateTime) Stamp()
    {
        (string certificate, string key) = Files();
        return (certificate, File.GetLastWriteTimeUtc(certificate), key, File.GetLastWriteTimeUtc(key));
    }

    // By whatever address somebody reaches the API, the certificate says it.
    private List<string> Names()
    {
        HashSet<string> names = ["localhost", Environment.MachineName, "127.0.0.1", "::1", .. options.Value.TlsNames];
        if (!options.Value.ListenAddress.Equals(IPAddress.Any) && !options.Value.ListenAddress.Equals(IPAddress.IPv6Any))
        {
            names.Add($"{options.Value.ListenAddress}");
        }
        else
        {
            foreach (UnicastIPAddressInformation own in NetworkInterface.GetAllNetworkInterfaces().SelectMany(link => link.GetIPProperties().UnicastAddresses))
            {
                if (!own.Address.IsIPv6LinkLocal)
                {
                    names.Add($"{own.Address}");
                }
            }
        }

        return [.. names.Where(name => Uri.CheckHostName(name) is not UriHostNameType.Unknown).Order(StringComparer.Ordinal).Take(100)];
    }

    private string? Ends() => _current is { } current && current.Leaf.NotAfter.ToUniversalTime() < time.GetUtcNow().UtcDateTime.AddDays(WarnDays)
        ? string.Create(CultureInfo.InvariantCulture, $"The certificate of the API ends at {current.Leaf.NotAfter.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}; put a new one into {options.Value.TlsCertificate}.")
        : null;

    private static readonly CipherSuitesPolicy s_suites = new(
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]);
}
