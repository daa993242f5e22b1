namespace Blackwall.Mesh.Libp2p;

/// <summary>Tells of peers nearby, unasked.</summary>
public interface IDiscovery : IAsyncDisposable
{
    /// <summary>Starts to look and to be seen.</summary>
    Task StartAsync(CancellationToken cancellation);

    event Action<PeerAddresses>? Found;
}
