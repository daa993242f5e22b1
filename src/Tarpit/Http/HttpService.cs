using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Http;

/// <summary>The web server as a service of the front door.</summary>
internal sealed class HttpService(HttpServer server) : IService
{
    public string Protocol => "http";

    public async Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        using HttpConnection connection = new(server, peer, log);
        await connection.RunAsync(cancellation);
        await peer.EndAsync(TimeSpan.FromSeconds(2), server.Time);
    }

    /// <summary>Tells a peer that speaks HTTP where TLS is spoken.</summary>
    public async Task RefuseAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        using HttpConnection connection = new(server, peer, log);
        await connection.RefusePlainAsync(cancellation);
        await peer.EndAsync(TimeSpan.FromSeconds(2), server.Time);
    }
}
