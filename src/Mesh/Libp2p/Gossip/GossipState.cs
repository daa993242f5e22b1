using Blackwall.Mesh.Libp2p.Gossip.Cache;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>What the parts of a router share. Belongs to the router's owner.</summary>
internal sealed class GossipState
{
    /// <inheritdoc cref="GossipRouter(GossipOptions, IGossipOutput, Random, Func{PeerId, double}, IReadOnlyCollection{PeerId})"/>
    public GossipState(GossipOptions options, IGossipOutput output, Random random, Func<PeerId, double>? appScore, IReadOnlyCollection<PeerId>? explicitPeers)
    {
        Options = options;
        Output = output;
        Random = random;
        Explicit = [.. explicitPeers ?? []];
        Scores = new PeerScores(options.Scores, options.RetainedScores, appScore, Counters);
        Numbers = new AuthorNumbers(options.Authors);
        Seen = new SeenCache(options.SeenTime, options.SeenCapacity, seen => Counters.AuthorsEvicted += Numbers.Forgotten(seen.Author, seen.Number));
        History = new MessageCache(options.HistoryWindows, options.GossipWindows, options.HistoryBytes);
        Promises = new PendingWants(options.IWantFollowUp, options.PromisesPerPeer);
        Unwanted = new UnwantedMessages(options.IDontWantWindows);
        TopicsByText = Topics.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public GossipOptions Options { get; }

    public IGossipOutput Output { get; }

    public Random Random { get; }

    public GossipCounters Counters { get; } = new();

    public PeerScores Scores { get; }

    public SeenCache Seen { get; }

    public AuthorNumbers Numbers { get; }

    public MessageCache History { get; }

    public PendingWants Promises { get; }

    public UnwantedMessages Unwanted { get; }

    public List<GossipPeer> Peers { get; } = [];

    /// <summary>Topics that we take part in, or publish to.</summary>
    public Dictionary<string, GossipTopic> Topics { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GossipTopic>.AlternateLookup<ReadOnlySpan<char>> TopicsByText { get; }

    /// <summary>Messages that are being verified.</summary>
    public Dictionary<MessageId, PendingMessage> Pending { get; } = [];

    /// <summary>Peers that the operator configured to be connected with us.</summary>
    public HashSet<PeerId> Explicit { get; }

    /// <summary>Heartbeats so far.</summary>
    public int Tick { get; set; }

    /// <summary>Puts the items from a place on into an order by lot.</summary>
    public void Shuffle<T>(List<T> list, int from = 0)
    {
        for (int i = from; i < list.Count - 1; i++)
        {
            int other = Random.Next(i, list.Count);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }
}
