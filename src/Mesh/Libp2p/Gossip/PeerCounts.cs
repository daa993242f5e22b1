namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>What a peer asked for between two heartbeats.</summary>
internal struct PeerCounts
{
    public int IHaveMessages;
    public int IdsAskedFor;
    public int IdsLookedUp;
    public int DontWants;
}
