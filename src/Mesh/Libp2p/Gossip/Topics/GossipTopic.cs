using Blackwall.Mesh.Libp2p.Gossip.Scoring;

namespace Blackwall.Mesh.Libp2p.Gossip.Topics;

/// <summary>A topic that we take part in or publish to.</summary>
public sealed class GossipTopic
{
    /// <summary>A field, for it is handed on by reference.</summary>
    internal TopicDecay Decay;

    internal GossipTopic(string name, int index, TopicScoreParameters parameters, TimeSpan decayInterval)
    {
        Name = name;
        Index = index;
        Parameters = parameters;
        Decay = new TopicDecay(parameters, decayInterval);
    }

    public string Name { get; }

    /// <summary>We take part; false: we only publish to it.</summary>
    public bool Joined { get; internal set; }

    /// <summary>Peers in our mesh of the topic.</summary>
    public int MeshSize => Mesh.Count;

    internal int Index { get; }

    internal TopicScoreParameters Parameters { get; set; }

    /// <summary>Connected peers that take part.</summary>
    internal List<TopicPeer> Peers { get; } = [];

    internal List<TopicPeer> Mesh { get; } = [];

    /// <summary>Whom we publish to while we do not take part.</summary>
    internal List<TopicPeer> Fanout { get; } = [];

    internal long LastPublish { get; set; }
}
