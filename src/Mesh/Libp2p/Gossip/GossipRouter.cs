using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>
/// GossipSub 1.1 and 1.2 (libp2p/specs pubsub/gossipsub) as a state machine: what happens is told to it with the time, what is to
/// be done it tells its output. It has no clock, no task and no socket, and belongs to one owner who calls one method at a time.
/// Times are milliseconds of any clock that does not go back.
/// </summary>
public sealed class GossipRouter
{
    private readonly GossipState _state;
    private readonly TopicMesh _mesh;
    private readonly TopicMembership _topics;
    private readonly MessageFlow _messages;
    private readonly GossipExchange _exchange;

    /// <param name="appScore">P5: what the application thinks of a peer; asked at every decay.</param>
    /// <param name="explicitPeers">Peers that the operator configured to be connected with us.</param>
    public GossipRouter(GossipOptions options, IGossipOutput output, Random random, Func<PeerId, double>? appScore = null, IReadOnlyCollection<PeerId>? explicitPeers = null)
    {
        _state = new GossipState(options, output, random, appScore, explicitPeers);
        _mesh = new TopicMesh(_state);
        _topics = new TopicMembership(_state, _mesh);
        _messages = new MessageFlow(_state, _mesh, _topics);
        _exchange = new GossipExchange(_state, _messages);
    }

    public GossipCounters Counters => _state.Counters;

    /// <summary>Connected peers.</summary>
    public IReadOnlyList<GossipPeer> Peers => _state.Peers;

    /// <summary>Messages that are being verified.</summary>
    public int Pending => _state.Pending.Count;

    /// <summary>A peer is connected and speaks gossipsub. It is told what we take part in.</summary>
    /// <param name="address">Where it comes from; null: not counted by address.</param>
    /// <param name="tag">Kept in the peer for the caller.</param>
    public GossipPeer AddPeer(PeerId id, GossipVersion version, bool outbound, IPAddress? address, object? tag) => _topics.AddPeer(id, version, outbound, address, tag);

    /// <summary>Tells a peer what we take part in.</summary>
    public void Announce(GossipPeer peer) => _topics.Announce(peer);

    public void RemovePeer(GossipPeer peer, long now) => _topics.RemovePeer(peer, now);

    /// <summary>We take part in a topic from now on. Throws beyond <see cref="GossipOptions.OwnTopics"/>.</summary>
    public GossipTopic Join(string name, TopicScoreParameters? parameters = null) => _topics.Join(name, parameters);

    /// <summary>Fills the mesh of a topic that was just joined, rather than at the next heartbeat.</summary>
    public void FillMesh(GossipTopic topic, long now) => _mesh.FillMesh(topic, _state.Options.Degree, now);

    /// <summary>We no longer take part in a topic.</summary>
    public void Leave(string name, long now) => _topics.Leave(name, now);

    /// <summary>A peer says that it takes part in a topic, or no longer does.</summary>
    public void Subscription(GossipPeer peer, ReadOnlySpan<char> name, bool subscribe) => _topics.Subscription(peer, name, subscribe);

    /// <summary>The topic of this name, if we take part in it or publish to it.</summary>
    public GossipTopic? FindTopic(ReadOnlySpan<char> name) => _state.TopicsByText.TryGetValue(name, out GossipTopic? topic) ? topic : null;

    /// <summary>As above, by UTF-8 of at most 256 bytes; allocates nothing.</summary>
    public GossipTopic? FindTopic(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[256];
        return utf8.Length <= text.Length && Encoding.UTF8.TryGetChars(utf8, text, out int length) ? FindTopic(text[..length]) : null;
    }

    public double Score(GossipPeer peer) => _state.Scores.Score(peer.Record);

    /// <summary>The score of a peer that is connected or was; 0 for one that nothing is known of.</summary>
    public double Score(PeerId peer) => _state.Scores.Score(peer);

    /// <summary>What comes from this peer counts. False: its score is below the graylist threshold.</summary>
    public bool Accepts(GossipPeer peer)
    {
        if (peer.Explicit || Score(peer) >= _state.Options.Scores.GraylistThreshold)
        {
            return true;
        }

        _state.Counters.Graylisted++;
        return false;
    }

    /// <summary>The peer sent what nobody who follows the protocol sends (P7).</summary>
    public void Misbehaved(GossipPeer peer, double weight = 1)
    {
        _state.Counters.BadRpcs++;
        _state.Scores.Misbehaved(peer.Record, weight);
    }

    /// <summary>A peer sends more bytes than it may, and waits.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="isAbuse">It has done so for long.</param>
    public void Paced(GossipPeer peer, bool isAbuse)
    {
        _state.Counters.Paced++;
        if (isAbuse)
        {
            _state.Scores.Misbehaved(peer.Record, 1);
        }
    }

    /// <summary>The connected peers of our mesh in a topic.</summary>
    public IReadOnlyList<GossipPeer> Mesh(string name) => _state.Topics.TryGetValue(name, out GossipTopic? topic) ? [.. topic.Mesh.Select(entry => entry.Peer)] : [];

    /// <summary>A peer tells what it has.</summary>
    internal void IHave<TIds>(GossipPeer peer, GossipTopic? topic, TIds ids, long now)
        where TIds : struct, IIdSource, allows ref struct => _exchange.IHave(peer, topic, ids, now);

    /// <summary>A peer asks for messages.</summary>
    internal void IWant<TIds>(GossipPeer peer, TIds ids)
        where TIds : struct, IIdSource, allows ref struct => _exchange.IWant(peer, ids);

    /// <summary>A peer says what it has and must not be sent.</summary>
    internal void IDontWant<TIds>(GossipPeer peer, TIds ids, long now)
        where TIds : struct, IIdSource, allows ref struct => _exchange.IDontWant(peer, ids, now);

    /// <summary>A peer takes us into its mesh.</summary>
    public void Graft(GossipPeer peer, GossipTopic? topic, long now) => _mesh.Graft(peer, topic, now);

    /// <summary>A peer takes us out of its mesh.</summary>
    /// <param name="backoffSeconds">As sent; 0: not said.</param>
    public void Prune(GossipPeer peer, GossipTopic? topic, ulong backoffSeconds, long now) => _mesh.Prune(peer, topic, backoffSeconds, now);

    /// <summary>Whether the peers that this one offers are to be heeded; their records are for the host to verify.</summary>
    public bool TakesPeersFrom(GossipPeer peer) => _state.Options.PeerExchange && _state.Scores.Score(peer.Record) >= _state.Options.Scores.PeerExchangeThreshold;

    /// <summary>
    /// The author has used this number, or a later one, in a message that is no longer known as seen. True: the message is ignored, and nobody is to
    /// blame, for it may have been long under way. Asked before the signature is verified, so that a replay costs none.
    /// </summary>
    public bool IsReplay(PeerId author, ulong number) => _messages.IsReplay(author, number);

    /// <summary>Says whether a message is to be verified. Allocates nothing.</summary>
    /// <param name="raw">The message's bytes as they came in.</param>
    public MessageStep Inspect(GossipPeer peer, GossipTopic? topic, in MessageId id, ReadOnlySpan<byte> raw, long now) => _messages.Inspect(peer, topic, in id, raw, now);

    /// <summary>A message is about to be verified; every one that begins must be completed or failed.</summary>
    public PendingMessage Begin(GossipPeer peer, GossipMessage message) => _messages.Begin(peer, message);

    /// <summary>A message cannot be right by its size or its fields alone: its sender is to blame, and no id is seen by that.</summary>
    public void Reject(GossipPeer peer, GossipTopic topic) => _messages.Reject(peer, topic);

    /// <summary>It will not be verified after all; nobody is to blame.</summary>
    public void Abandon(PendingMessage pending) => _messages.Abandon(pending);

    /// <summary>The signature is wrong. The id is not seen by that.</summary>
    public void SignatureFailed(PendingMessage pending) => _messages.SignatureFailed(pending);

    /// <summary>The signature holds: from now on other copies are duplicates, and mesh peers need not send theirs. False: one with this id was here meanwhile, or it is a replay.</summary>
    public bool SignatureHeld(PendingMessage pending, long now) => _messages.SignatureHeld(pending, now);

    /// <summary>What the application said of a message whose signature held.</summary>
    public void Complete(PendingMessage pending, Validation validation, long now) => _messages.Complete(pending, validation, now);

    /// <summary>Sends a message of our own. Returns false if its id was here before.</summary>
    public bool Publish(GossipMessage message, long now) => _messages.Publish(message, now);

    /// <summary>To be called every <see cref="GossipOptions.HeartbeatInterval"/>.</summary>
    public void Heartbeat(long now)
    {
        _state.Tick++;
        _state.Unwanted.Expire(_state.Tick);

        _state.Promises.TakeBroken(now, peer =>
        {
            _state.Counters.BrokenPromises++;
            _state.Scores.Misbehaved(peer.Record, 1);
        });
        _state.Scores.Tick(now);
        foreach (GossipTopic topic in _state.Topics.Values)
        {
            if (topic.Joined)
            {
                _mesh.KeepMesh(topic, now);
            }
            else
            {
                _mesh.KeepFanout(topic, now);
            }

            _exchange.EmitGossip(topic);
        }

        _topics.ForgetUnused(now);

        _state.History.Shift();
        _state.Seen.Expire(now);
    }
}
