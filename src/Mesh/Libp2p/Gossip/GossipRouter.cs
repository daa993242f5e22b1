using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p.Gossip.Cache;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Topics;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>
/// GossipSub 1.1 and 1.2 (libp2p/specs pubsub/gossipsub) as a state machine: what happens is told to it with the time, what is to
/// be done it tells its output. It has no clock, no task and no socket, and belongs to one owner who calls one method at a time.
/// Times are milliseconds of any clock that does not go back.
/// </summary>
public sealed partial class GossipRouter
{
    private readonly GossipOptions _options;
    private readonly IGossipOutput _output;
    private readonly Random _random;
    private readonly PeerScores _scores;
    private readonly SeenCache _seen;
    private readonly AuthorNumbers _numbers;
    private readonly MessageCache _history;
    private readonly Promises _promises;
    private readonly UnwantedMessages _unwanted;
    private readonly List<GossipPeer> _peers = [];
    private readonly Dictionary<string, GossipTopic> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GossipTopic>.AlternateLookup<ReadOnlySpan<char>> _topicsByText;
    private readonly Stack<int> _freeIndexes = [];
    private readonly HashSet<PeerId> _explicit;

    /// <param name="appScore">P5: what the application thinks of a peer; asked at every decay.</param>
    /// <param name="explicitPeers">Peers that the operator configured to be connected with us.</param>
    public GossipRouter(GossipOptions options, IGossipOutput output, Random random, Func<PeerId, double>? appScore = null, IReadOnlyCollection<PeerId>? explicitPeers = null)
    {
        _options = options;
        _output = output;
        _random = random;
        _explicit = [.. explicitPeers ?? []];
        _scores = new PeerScores(options.Scores, options.RetainedScores, appScore, Counters);
        _numbers = new AuthorNumbers(options.Authors);
        _seen = new SeenCache(options.SeenTime, options.SeenCapacity, seen => Counters.AuthorsEvicted += _numbers.Forgotten(seen.Author, seen.Number));
        _history = new MessageCache(options.HistoryWindows, options.GossipWindows, options.HistoryBytes);
        _promises = new Promises(options.IWantFollowUp, options.PromisesPerPeer);
        _unwanted = new UnwantedMessages(options.IDontWantWindows);
        _topicsByText = _topics.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public GossipCounters Counters { get; } = new();

    /// <summary>Connected peers.</summary>
    public IReadOnlyList<GossipPeer> Peers => _peers;

    /// <summary>A peer is connected and speaks gossipsub. It is told what we take part in.</summary>
    /// <param name="address">Where it comes from; null: not counted by address.</param>
    /// <param name="tag">Kept in the peer for the caller.</param>
    public GossipPeer AddPeer(PeerId id, GossipVersion version, bool outbound, IPAddress? address, object? tag)
    {
        PeerRecord record = _scores.Connect(id, address);
        if (record.Peer is not null)
        {
            throw new InvalidOperationException($"The peer {id} is there already.");
        }

        var peer = new GossipPeer(record, version, outbound, _explicit.Contains(id), address, tag);
        record.Peer = peer;
        _peers.Add(peer);
        Announce(peer);
        return peer;
    }

    /// <summary>Tells a peer what we take part in.</summary>
    public void Announce(GossipPeer peer)
    {
        foreach (GossipTopic topic in _topics.Values)
        {
            if (topic.Joined)
            {
                _output.Subscription(peer, topic.Name, true);
            }
        }
    }

    public void RemovePeer(GossipPeer peer, long now)
    {
        if (!peer.Connected)
        {
            return;
        }

        foreach (TopicPeer? entry in peer.Record.Topics)
        {
            if (entry is not null)
            {
                LeaveTopic(entry, PruneReason.Disconnected);
            }
        }

        peer.Connected = false;
        _peers.Remove(peer);
        _scores.Disconnect(peer.Record, now);
    }

    /// <summary>We take part in a topic from now on. Throws beyond <see cref="GossipOptions.OwnTopics"/>.</summary>
    public GossipTopic Join(string name, TopicScoreParameters? parameters = null)
    {
        GossipTopic topic = Know(name);
        if (parameters is not null)
        {
            topic.Parameters = parameters;
            topic.Decay = new TopicDecay(parameters, _options.Scores.DecayInterval);
        }

        if (topic.Joined)
        {
            return topic;
        }

        topic.Joined = true;
        foreach (GossipPeer peer in _peers)
        {
            _output.Subscription(peer, name, true);
        }

        // Whom we published to so far knows us; the rest comes by lot.
        foreach (TopicPeer entry in topic.Fanout)
        {
            entry.InFanout = false;
        }

        topic.Fanout.Clear();
        return topic;
    }

    /// <summary>Fills the mesh of a topic that was just joined, rather than at the next heartbeat.</summary>
    public void FillMesh(GossipTopic topic, long now) => FillMesh(topic, _options.Degree, now);

    /// <summary>We no longer take part in a topic.</summary>
    public void Leave(string name, long now)
    {
        if (!_topics.TryGetValue(name, out GossipTopic? topic) || !topic.Joined)
        {
            return;
        }

        topic.Joined = false;
        foreach (GossipPeer peer in _peers)
        {
            _output.Subscription(peer, name, false);
        }

        while (topic.Mesh is [.., var entry])
        {
            Prune(entry, _options.UnsubscribeBackoff, PruneReason.Left, now);
        }

        // Backoffs and scores outlive a short absence; a heartbeat forgets the topic later.
        topic.LastPublish = now;
    }

    /// <summary>A peer says that it takes part in a topic, or no longer does.</summary>
    public void Subscription(GossipPeer peer, ReadOnlySpan<char> name, bool subscribe)
    {
        if (!_topicsByText.TryGetValue(name, out GossipTopic? topic))
        {
            ForeignSubscription(peer, name.ToString(), subscribe);
            return;
        }

        TopicPeer? entry = peer.Record.In(topic);
        if (subscribe == (entry?.Subscribed ?? false))
        {
            return;
        }

        if (!subscribe)
        {
            peer.Subscriptions--;
            LeaveTopic(entry!, PruneReason.Unsubscribed);
            _output.Subscribed(peer, topic.Name, false);
        }
        else if (HasRoom(peer))
        {
            Enter(peer, topic);
            _output.Subscribed(peer, topic.Name, true);
        }
    }

    /// <summary>The topic of this name, if we take part in it or publish to it.</summary>
    public GossipTopic? FindTopic(ReadOnlySpan<char> name) => _topicsByText.TryGetValue(name, out GossipTopic? topic) ? topic : null;

    /// <summary>As above, by UTF-8 of at most 256 bytes; allocates nothing.</summary>
    public GossipTopic? FindTopic(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[256];
        return utf8.Length <= text.Length && Encoding.UTF8.TryGetChars(utf8, text, out int length) ? FindTopic(text[..length]) : null;
    }

    public double Score(GossipPeer peer) => _scores.Score(peer.Record);

    /// <summary>The score of a peer that is connected or was; 0 for one that nothing is known of.</summary>
    public double Score(PeerId peer) => _scores.Score(peer);

    /// <summary>What comes from this peer counts. False: its score is below the graylist threshold.</summary>
    public bool Heeds(GossipPeer peer)
    {
        if (peer.Explicit || Score(peer) >= _options.Scores.GraylistThreshold)
        {
            return true;
        }

        Counters.Graylisted++;
        return false;
    }

    /// <summary>The peer sent what nobody who follows the protocol sends (P7).</summary>
    public void Misbehaved(GossipPeer peer, double weight = 1)
    {
        Counters.BadRpcs++;
        _scores.Misbehaved(peer.Record, weight);
    }

    /// <summary>The connected peers of our mesh in a topic.</summary>
    public IReadOnlyList<GossipPeer> Mesh(string name) => _topics.TryGetValue(name, out GossipTopic? topic) ? [.. topic.Mesh.Select(entry => entry.Peer)] : [];

    private GossipTopic Know(string name)
    {
        if (_topics.TryGetValue(name, out GossipTopic? topic))
        {
            return topic;
        }

        if (_topics.Count >= _options.OwnTopics)
        {
            throw new MeshException($"No more than {_options.OwnTopics} topics can be taken part in at once.");
        }

        int index = _freeIndexes.TryPop(out int free) ? free : _topics.Count;
        topic = new GossipTopic(name, index, new TopicScoreParameters(), _options.Scores.DecayInterval);
        _topics.Add(name, topic);
        foreach (GossipPeer peer in _peers)
        {
            if (peer.ForeignTopics is { } foreign && foreign.Remove(name))
            {
                peer.Subscriptions--;
                Enter(peer, topic);
            }
        }

        return topic;
    }

    // Scores and backoffs of the topic go with it: kept, they would be found again by whatever topic gets its index.
    private void Forget(GossipTopic topic)
    {
        foreach (TopicPeer entry in topic.Peers)
        {
            entry.Peer.Subscriptions--;
            ForeignSubscription(entry.Peer, topic.Name, true, announced: true);
        }

        topic.Peers.Clear();
        topic.Fanout.Clear();
        _topics.Remove(topic.Name);
        _scores.Remove(topic);
        _freeIndexes.Push(topic.Index);
    }

    private static void Enter(GossipPeer peer, GossipTopic topic)
    {
        TopicPeer entry = peer.Record.GetOrAdd(topic);
        entry.Subscribed = true;
        topic.Peers.Add(entry);
        peer.Subscriptions++;
    }

    private void LeaveTopic(TopicPeer entry, PruneReason reason)
    {
        if (entry.InMesh)
        {
            RemoveFromMesh(entry, reason);
        }

        if (entry.InFanout)
        {
            entry.InFanout = false;
            entry.Topic.Fanout.Remove(entry);
        }

        if (entry.Subscribed)
        {
            entry.Subscribed = false;
            entry.Topic.Peers.Remove(entry);
        }
    }

    private void ForeignSubscription(GossipPeer peer, string name, bool subscribe, bool announced = false)
    {
        if (!subscribe)
        {
            if (peer.ForeignTopics is { } topics && topics.Remove(name))
            {
                peer.Subscriptions--;
                _output.Subscribed(peer, name, false);
            }

            return;
        }

        if ((peer.ForeignTopics is null || !peer.ForeignTopics.Contains(name)) && HasRoom(peer))
        {
            (peer.ForeignTopics ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
            peer.Subscriptions++;
            if (!announced)
            {
                _output.Subscribed(peer, name, true);
            }
        }
    }

    private bool HasRoom(GossipPeer peer)
    {
        if (peer.Subscriptions < _options.TopicsPerPeer)
        {
            return true;
        }

        Counters.SubscriptionsOverLimit++;
        return false;
    }
}
