namespace Blackwall.Mesh.Libp2p;

/// <summary>Our node among the peers: connections, and the protocols that run over them.</summary>
public interface IMeshHost : IAsyncDisposable
{
    PeerId Id { get; }

    /// <summary>Where it listens, with the ports that were given, without the peer.</summary>
    IReadOnlyList<Multiaddr> Addresses { get; }

    IReadOnlyList<IMeshConnection> Connections { get; }

    /// <summary>What a peer told of itself; null before it was identified and after its last connection ended.</summary>
    PeerInfo? Info(PeerId peer);

    /// <summary>Listens; port 0 is any free one. Returns where it listens. Throws <see cref="MeshException"/>.</summary>
    Task<Multiaddr> ListenAsync(Multiaddr address, CancellationToken cancellation);

    /// <summary>
    /// Connects. The peer that answers must prove to be <paramref name="expected"/>, or the one the address names; with neither, anybody is taken.
    /// Throws <see cref="MeshException"/>.
    /// </summary>
    Task<IMeshConnection> DialAsync(Multiaddr address, PeerId? expected, CancellationToken cancellation);

    /// <summary>
    /// Answers a protocol. The stream is closed when the handler ends and reset when it throws; handlers of one protocol run side by side.
    /// Peers are told of the protocol at once.
    /// </summary>
    void Handle(string protocol, Func<IMeshStream, CancellationToken, Task> handler, StreamLimits? limits = null);

    /// <summary>Answers a protocol no longer; streams that are open stay.</summary>
    void Unhandle(string protocol);

    /// <summary>
    /// Opens a stream to a connected peer with the first of these protocols that it knows. Throws <see cref="MeshException"/>: not connected, none of the
    /// protocols, refused, too late.
    /// </summary>
    Task<IMeshStream> OpenAsync(PeerId peer, IReadOnlyList<string> protocols, CancellationToken cancellation);

    /// <summary>Ends all connections to a peer.</summary>
    Task DisconnectAsync(PeerId peer);

    /// <summary>A connection was made. Called in order for a peer, on a thread that must not be held.</summary>
    event Action<IMeshConnection>? Connected;

    /// <summary>A connection ended, with the reason.</summary>
    event Action<IMeshConnection, string>? Disconnected;

    /// <summary>A peer told of itself, for the first time or anew.</summary>
    event Action<PeerInfo>? Identified;
}
