using System.Net;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Runtime;

/// <summary>Who is let in is no longer one who tries, and finds programs that write slowly.</summary>
internal sealed class PacedLogins(IShellLogins logins, SessionPacing pacing, Startups? startups) : IShellLogins
{
    public ValueTask<bool> AcceptsAsync(IPAddress source, string user, string password, CancellationToken cancellation) => logins.AcceptsAsync(source, user, password, cancellation);

    public ValueTask<bool> AcceptsKeyAsync(IPAddress source, string user, ReadOnlyMemory<byte> key, CancellationToken cancellation) => logins.AcceptsKeyAsync(source, user, key, cancellation);

    public async ValueTask<IHost> LogInAsync(IPEndPoint remote, IPEndPoint local, string user, ReadOnlyMemory<byte>? key, CancellationToken cancellation)
    {
        startups?.Leave(remote);
        return new PacedHost(await logins.LogInAsync(remote, local, user, key, cancellation), pacing.ForPeople());
    }
}
