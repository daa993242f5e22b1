using Blackwall.Mesh.Libp2p.Gossip.Scoring;

namespace Blackwall.Mesh.Libp2p.Gossip.Topics;

/// <summary>A peer in a topic that we know.</summary>
internal sealed class TopicPeer(GossipTopic topic, PeerRecord record)
{
    /// <summary>What the peer did; a field, for it is changed in place.</summary>
    public TopicStats Stats;

    public GossipTopic Topic { get; } = topic;

    public PeerRecord Record { get; } = record;

    /// <summary>The connected peer; only looked at while it is connected.</summary>
    public GossipPeer Peer => Record.Peer!;

    public bool Subscribed { get; set; }

    public bool InMesh { get; set; }

    public bool InFanout { get; set; }

    /// <summary>Before this neither side grafts.</summary>
    public long BackoffUntil { get; set; }

    /// <summary>A GRAFT before this is a flood.</summary>
    public long FloodUntil { get; set; }

    /// <summary>The peer's score at the last heartbeat.</summary>
    public double Score => Record.Score;
}
