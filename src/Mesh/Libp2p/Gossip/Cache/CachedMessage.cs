namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>A message kept for those who ask, with how often each peer was sent it.</summary>
internal sealed class CachedMessage(GossipMessage message)
{
    private Dictionary<GossipPeer, int>? _sent;

    public GossipMessage Message { get; } = message;

    /// <summary>Counts one transmission to a peer; false if it has had as many as allowed.</summary>
    public bool TrySend(GossipPeer peer, int allowed)
    {
        _sent ??= [];
        int sent = _sent.GetValueOrDefault(peer);
        _sent[peer] = sent + 1;
        return sent < allowed;
    }
}
