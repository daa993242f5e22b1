namespace Blackwall.Mesh.Libp2p;

/// <summary>Finds peers that we are not connected with.</summary>
public interface IPeerRouting
{
    /// <summary>Null where nobody knows the peer.</summary>
    Task<PeerAddresses?> FindPeerAsync(PeerId peer, CancellationToken cancellation);

    /// <summary>The peers closest to a key that answered, closest first.</summary>
    Task<IReadOnlyList<PeerAddresses>> ClosestAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation);
}
