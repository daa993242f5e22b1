using Blackwall.Mesh.Libp2p.Gossip.Topics;

namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>Who delivered a message in time, in topics where the rate of deliveries counts.</summary>
internal sealed class DeliveryRecord(GossipTopic topic, long validatedAt)
{
    // As many as a mesh has members, mostly fewer: a list is smaller and quicker than a set.
    private readonly List<GossipPeer> _credited = [];

    public GossipTopic Topic { get; } = topic;

    /// <summary>Milliseconds of the router's clock.</summary>
    public long ValidatedAt { get; } = validatedAt;

    /// <summary>False if the peer has had credit for this message.</summary>
    public bool Credit(GossipPeer peer)
    {
        if (_credited.Contains(peer))
        {
            return false;
        }

        _credited.Add(peer);
        return true;
    }
}
