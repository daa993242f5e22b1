using System.Net;

namespace Blackwall.Tarpit.Detection;

/// <summary>Knows what a diverted peer believes to talk to. The host answers it from its NAT table.</summary>
internal interface IOriginalDestinations
{
    /// <summary>The address and port that the peer asked for; null: it was not diverted.</summary>
    ValueTask<IPEndPoint?> FindAsync(IPEndPoint remote, IPEndPoint local, CancellationToken cancellation);
}
