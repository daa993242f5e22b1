namespace Blackwall.Mesh.Libp2p;

/// <summary>
/// A way to reach peers: it gives connections that are encrypted, whose peer is proven, and that carry many streams. TCP does it with Noise and
/// Yamux; QUIC by itself; another library could too.
/// </summary>
public interface ITransport
{
    /// <summary>Whether addresses of this form are its own, for dialling and for listening.</summary>
    bool Takes(Multiaddr address);

    /// <summary>Throws <see cref="MeshException"/>; above all when the peer is not <paramref name="expected"/>.</summary>
    Task<ITransportConnection> DialAsync(Multiaddr address, PeerId? expected, CancellationToken cancellation);

    /// <summary>Throws <see cref="MeshException"/>.</summary>
    Task<ITransportListener> ListenAsync(Multiaddr address, CancellationToken cancellation);
}
