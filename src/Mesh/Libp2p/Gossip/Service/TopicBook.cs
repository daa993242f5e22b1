using System.Buffers.Binary;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>What our application wants of each topic, and how ids are made in it. Used under the router's lock.</summary>
internal sealed class TopicBook(MessageIdFunction function)
{
    private readonly Dictionary<string, TopicOptions> _options = new(StringComparer.Ordinal);

    public TopicOptions? Find(string topic) => _options.GetValueOrDefault(topic);

    /// <summary>False: it is there.</summary>
    public bool TryAdd(string topic, TopicOptions options) => _options.TryAdd(topic, options);

    public bool Remove(string topic) => _options.Remove(topic);

    /// <summary>The id by the topic's function; false: the message has none.</summary>
    public bool TryId(GossipTopic topic, in MessageView message, PeerId via, out MessageId id)
    {
        if (Find(topic.Name)?.MessageId is not { } make)
        {
            return MessageIds.TryMake(function, in message, out id);
        }

        id = default;
        return PeerId.TryDecode(message.From, out PeerId? from)
            && MessageId.TryCreate(
                make(new TopicMessage(topic.Name, from, BinaryPrimitives.ReadUInt64BigEndian(message.Seqno), message.Data.ToArray(), default, via)).Span,
                out id);
    }

    /// <summary>As above for a topic that we only publish to.</summary>
    public bool TryId(string topic, in MessageView message, out MessageId id) =>
        Find(topic) is { MessageId: not null }
            ? throw new MeshException($"The topic '{topic}' has an id function of its own and must be joined to publish to it.")
            : MessageIds.TryMake(function, in message, out id);
}
