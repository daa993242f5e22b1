using System.Net.Quic;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Quic;

/// <summary>
/// /ip4|ip6/../udp/../quic-v1: encrypted and many-streamed by itself, the peer proven by its certificate. It needs libmsquic on the machine; without it
/// <see cref="IsSupported"/> is false and such addresses are refused with words that say so.
/// </summary>
internal sealed class QuicTransport(PrivateKey key, ConnectionGate gate, MeshHostOptions options, MeshCounters counters, TimeProvider time) : ITransport
{
    public const string NotHere = "QUIC needs the library libmsquic, which this machine does not have";
    private static readonly SslApplicationProtocol Alpn = new("libp2p");
    private readonly Lazy<X509Certificate2> _certificate = new(() => PeerCertificate.Create(key, time));

    public static bool IsSupported => QuicListener.IsSupported && QuicConnection.IsSupported;

    public bool Takes(Multiaddr address) => address.Quic is not null;

    public async Task<ITransportConnection> DialAsync(Multiaddr address, PeerId? expected, CancellationToken cancellation)
    {
        Require(address);
        using var late = new CancellationTokenSource(options.UpgradeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var judge = new CertificateJudge(expected, time);
        try
        {
            QuicConnection connection = await QuicConnection.ConnectAsync(
                new QuicClientConnectionOptions
                {
                    RemoteEndPoint = address.Quic!,
                    DefaultStreamErrorCode = 0,
                    DefaultCloseErrorCode = 0,
                    MaxInboundBidirectionalStreams = options.Connection.MaxInboundStreams,
                    MaxInboundUnidirectionalStreams = 0,
                    ClientAuthenticationOptions = new SslClientAuthenticationOptions
                    {
                        ApplicationProtocols = [Alpn],
                        EnabledSslProtocols = SslProtocols.Tls13,
                        ClientCertificates = [_certificate.Value],
                        RemoteCertificateValidationCallback = judge.Accept,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    },
                },
                both.Token);
            return new QuicMeshConnection(connection, judge.Key!, outbound: true);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new MeshException($"{address}: no answer within {options.UpgradeTimeout.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is QuicException or AuthenticationException)
        {
            throw new MeshException($"{address}: {judge.Error ?? exception.Message}", exception);
        }
    }

    public async Task<ITransportListener> ListenAsync(Multiaddr address, CancellationToken cancellation)
    {
        Require(address);
        try
        {
            QuicListener listener = await QuicListener.ListenAsync(
                new QuicListenerOptions
                {
                    ListenEndPoint = address.Quic!,
                    ApplicationProtocols = [Alpn],
                    ListenBacklog = options.AcceptBacklog,
                    ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(ServerOptions()),
                },
                cancellation);
            return new QuicTransportListener(listener, gate, counters, time);
        }
        catch (QuicException exception)
        {
            throw new MeshException($"{address}: {exception.Message}", exception);
        }
    }

    private static void Require(Multiaddr address)
    {
        if (!IsSupported)
        {
            throw new MeshException($"{address}: {NotHere}.");
        }
    }

    private QuicServerConnectionOptions ServerOptions() => new()
    {
        DefaultStreamErrorCode = 0,
        DefaultCloseErrorCode = 0,
        HandshakeTimeout = options.UpgradeTimeout,
        MaxInboundBidirectionalStreams = options.Connection.MaxInboundStreams,
        MaxInboundUnidirectionalStreams = 0,
        ServerAuthenticationOptions = new SslServerAuthenticationOptions
        {
            ApplicationProtocols = [Alpn],
            EnabledSslProtocols = SslProtocols.Tls13,
            ServerCertificate = _certificate.Value,
            ClientCertificateRequired = true,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

            // Whoever proves an identity comes in; whose it is, is read again when the connection is accepted.
            RemoteCertificateValidationCallback = new CertificateJudge(expected: null, time).Accept,
        },
    };
}
