using System.Net.Security;
using System.Security.Authentication;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Http.Tls;

/// <summary>TLS at the front door: the handshake, and then the web server, whatever is said inside.</summary>
/// <param name="certificate">What the server shows.</param>
/// <param name="http">Answers inside.</param>
internal sealed class TlsService(SslStreamCertificateContext certificate, HttpService http, TimeProvider time) : IService
{
    private const int LongestHead = 4096;

    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(20);

    public string Protocol => "tls";

    public async Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        byte[] head = new byte[LongestHead];
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HandshakeLimit);
        int length = await PeekAsync(peer, head, limit.Token);
        if (length == 0)
        {
            return;
        }

        if (head[0] != 0x16)
        {
            await PlainAsync(peer, log, head, length, cancellation);
            return;
        }

        SslStream stream = new(new PeerStream(peer));
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = ClientOffer.HasHttp(head.AsSpan(0, length)) ? [SslApplicationProtocol.Http11] : null,
                    CipherSuitesPolicy = new CipherSuitesPolicy(ClientOffer.Suites(head.AsSpan(0, length))),
                    AllowRenegotiation = false,
                },
                limit.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException)
        {
            await stream.DisposeAsync();
            await peer.EndAsync(TimeSpan.FromSeconds(2), time);
            return;
        }

        peer.Encrypt(stream);
        log.Record(new Observation(ObservationKinds.Environment) { Name = "tls", Value = $"{stream.SslProtocol} {stream.NegotiatedCipherSuite} {stream.TargetHostName}" });
        await http.ServeAsync(peer, log, cancellation);
    }

    private static async ValueTask<int> PeekAsync(Peer peer, byte[] head, CancellationToken cancellation)
    {
        int length = await peer.ReadAsync(head, cancellation);
        peer.Return(head.AsMemory(0, length));
        return length;
    }

    // Who speaks HTTP without TLS is told so; whatever else is not TLS is cut off, as by OpenSSL.
    private async Task PlainAsync(Peer peer, ISessionLog log, byte[] head, int length, CancellationToken cancellation)
    {
        if (Detection.Wire.FirstBytes.Judge(head.AsSpan(0, length)) == Guess.Http)
        {
            await http.RefuseAsync(peer, log, cancellation);
            return;
        }

        await peer.EndAsync(TimeSpan.FromSeconds(2), time);
    }
}
