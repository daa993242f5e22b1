namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>Why a peer left a mesh.</summary>
public enum PruneReason
{
    /// <summary>The peer pruned us.</summary>
    Peer,

    /// <summary>The peer no longer takes part in the topic.</summary>
    Unsubscribed,

    /// <summary>The connection ended.</summary>
    Disconnected,

    /// <summary>Its score was below zero.</summary>
    Score,

    /// <summary>The mesh was too large.</summary>
    Excess,

    /// <summary>We left the topic.</summary>
    Left,
}
