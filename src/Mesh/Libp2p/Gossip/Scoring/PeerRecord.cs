using Blackwall.Mesh.Libp2p.Gossip.Topics;

namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>What is remembered of a peer beyond its connection: its score and the backoffs.</summary>
internal sealed class PeerRecord(PeerId id)
{
    private TopicPeer?[] _topics = [];

    public PeerId Id { get; } = id;

    /// <summary>The connected peer; null while only the record is kept.</summary>
    public GossipPeer? Peer { get; set; }

    public AddressGroup? Group { get; set; }

    /// <summary>P7, decayed.</summary>
    public double Behaviour { get; set; }

    /// <summary>P5, as the application last said.</summary>
    public double AppScore { get; set; }

    /// <summary>It has something that fades or grows; see <see cref="PeerScores.Touch"/>.</summary>
    public bool Active { get; set; }

    /// <summary>What it all came to at the last heartbeat.</summary>
    public double Score { get; set; }

    /// <summary>When the record is dropped; only while the peer is gone.</summary>
    public long ForgetAt { get; set; }

    public ReadOnlySpan<TopicPeer?> Topics => _topics;

    /// <summary>Null: nothing is known of the peer in this topic.</summary>
    public TopicPeer? In(GossipTopic topic) => topic.Index < _topics.Length ? _topics[topic.Index] : null;

    public TopicPeer GetOrAdd(GossipTopic topic)
    {
        if (topic.Index >= _topics.Length)
        {
            Array.Resize(ref _topics, topic.Index + 1);
        }

        return _topics[topic.Index] ??= new TopicPeer(topic, this);
    }

    public void Remove(GossipTopic topic)
    {
        if (topic.Index < _topics.Length)
        {
            _topics[topic.Index] = null;
        }
    }
}
