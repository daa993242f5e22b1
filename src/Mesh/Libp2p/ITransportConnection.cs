using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p;

/// <summary>An encrypted connection with many streams, to a peer whose key is proven.</summary>
public interface ITransportConnection : IAsyncDisposable
{
    PublicKey RemoteKey { get; }

    Multiaddr RemoteAddress { get; }

    Multiaddr LocalAddress { get; }

    bool Outbound { get; }

    /// <summary>Opens a stream. Throws <see cref="IOException"/>.</summary>
    ValueTask<IByteStream> OpenAsync(CancellationToken cancellation);

    /// <summary>The next stream that the other side opens; null when the connection ended.</summary>
    ValueTask<IByteStream?> AcceptAsync(CancellationToken cancellation);

    /// <summary>Completes when the connection ended, with the reason in words. Never fails.</summary>
    Task<string> Ended { get; }

    /// <summary>Tells the other side that no more streams will come, and ends. Never throws.</summary>
    ValueTask CloseAsync();
}
