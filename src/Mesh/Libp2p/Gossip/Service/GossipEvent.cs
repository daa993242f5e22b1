namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>Something happened between a peer and us in a topic.</summary>
/// <param name="Reason">Of <see cref="GossipEventKind.Pruned"/>.</param>
public sealed record GossipEvent(GossipEventKind Kind, PeerId Peer, string Topic, PruneReason? Reason = null);
