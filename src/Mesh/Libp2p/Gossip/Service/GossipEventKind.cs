namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>What happened between a peer and us in a topic.</summary>
public enum GossipEventKind
{
    /// <summary>The peer told that it takes part.</summary>
    Subscribed,

    /// <summary>The peer told that it no longer takes part.</summary>
    Unsubscribed,

    /// <summary>The peer is in our mesh from now on.</summary>
    Grafted,

    /// <summary>The peer left our mesh.</summary>
    Pruned,
}
