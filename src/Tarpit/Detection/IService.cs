using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Detection;

/// <summary>A protocol that answers peers.</summary>
internal interface IService
{
    /// <summary>"ssh", "http".</summary>
    string Protocol { get; }

    /// <summary>Serves one peer to the end. Never throws for what the peer does.</summary>
    Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation);
}
