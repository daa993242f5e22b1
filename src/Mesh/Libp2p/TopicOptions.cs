using Blackwall.Mesh.Libp2p.Gossip.Scoring;

namespace Blackwall.Mesh.Libp2p;

/// <summary>How a topic is taken part in.</summary>
public sealed class TopicOptions
{
    /// <summary>Judges a message whose signature holds, before it is passed on. Called for one message after another or side by side.</summary>
    public Func<TopicMessage, ValueTask<Validation>>? Validator { get; init; }

    /// <summary>Called once for each accepted message that others published.</summary>
    public Action<TopicMessage>? Received { get; init; }

    /// <summary>The message's id of its parts; null: the router's own function.</summary>
    public Func<TopicMessage, ReadOnlyMemory<byte>>? MessageId { get; init; }

    /// <summary>What counts for peers in this topic; null: the defaults, which fit a topic of unknown rate.</summary>
    public TopicScoreParameters? Scores { get; init; }
}
