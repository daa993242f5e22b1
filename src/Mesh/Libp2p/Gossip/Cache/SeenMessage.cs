namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>What is remembered of a message that was here.</summary>
internal struct SeenMessage
{
    /// <summary>Milliseconds of the router's clock.</summary>
    public long Expires;

    public PeerId Author;

    /// <summary>The author's sequence number.</summary>
    public ulong Number;

    /// <summary>The application refused it: who sends it again is to blame too.</summary>
    public bool Invalid;

    /// <summary>Null where the rate of deliveries does not count.</summary>
    public DeliveryRecord? Deliveries;
}
