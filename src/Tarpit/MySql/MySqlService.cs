using System.Net.Sockets;
using System.Security.Authentication;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.MySql;

/// <summary>The database server as a service of the front door.</summary>
internal sealed class MySqlService(MySqlServer server) : IService
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    public string Protocol => "mysql";

    public async Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        try
        {
            await new MySqlConnection(server, peer, log).RunAsync(cancellation);
            await peer.EndAsync(s_farewell, server.Machine.Time);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // The peer went, or was silent too long.
        }
    }
}
