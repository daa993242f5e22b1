using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Ssh;

/// <summary>The SSH server as a service of the front door.</summary>
internal sealed class SshService(SshServer server) : IService
{
    public string Protocol => "ssh";

    public async Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        using SshConnection connection = new(server, peer, log, cancellation);
        await connection.RunAsync();
    }
}
