namespace Blackwall.Mesh.Libp2p;

/// <summary>Takes connections at one address until it is disposed.</summary>
public interface ITransportListener : IAsyncDisposable
{
    /// <summary>Where it listens, with its real port.</summary>
    Multiaddr Address { get; }

    /// <summary>The next connection whose peer is proven; null when the listener was disposed. Who fails on the way there costs a counter, no exception.</summary>
    Task<ITransportConnection?> AcceptAsync(CancellationToken cancellation);
}
