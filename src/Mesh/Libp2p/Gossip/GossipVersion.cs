namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>The version of gossipsub that was agreed with a peer.</summary>
public enum GossipVersion
{
    V10,

    /// <summary>Scores, PRUNE with backoff and peer exchange.</summary>
    V11,

    /// <summary>IDONTWANT.</summary>
    V12,
}
