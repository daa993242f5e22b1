using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <content>Control messages of peers. All are bounded by peer and heartbeat before they cost anything.</content>
public sealed partial class GossipRouter
{
    private readonly List<MessageId> _wanted = [];

    /// <summary>A peer tells what it has.</summary>
    internal void IHave<TIds>(GossipPeer peer, GossipTopic? topic, TIds ids, long now)
        where TIds : struct, IIdSource, allows ref struct
    {
        if (topic is not { Joined: true } || _scores.Score(peer.Record) < _options.Scores.GossipThreshold)
        {
            return;
        }

        ref PeerCounts counts = ref peer.CountsAt(_tick);
        if (++counts.IHaveMessages > _options.IHaveMessages)
        {
            Counters.IHavesOverLimit++;
            return;
        }

        _wanted.Clear();
        while (ids.MoveNext())
        {
            if (counts.IdsAskedFor >= _options.IHaveIds)
            {
                Counters.IHavesOverLimit++;
                break;
            }

            // Every id counts, known or not: looking it up is the cost that is bounded.
            counts.IdsAskedFor++;
            MessageId id = ids.Current;
            if (!_seen.Contains(in id) && !_pending.ContainsKey(id))
            {
                _wanted.Add(id);
            }
        }

        if (_wanted.Count > 0)
        {
            _promises.Add(peer, _wanted[_random.Next(_wanted.Count)], now);
            _output.IWant(peer, _wanted.ToArray());
        }
    }

    /// <summary>A peer asks for messages.</summary>
    internal void IWant<TIds>(GossipPeer peer, TIds ids)
        where TIds : struct, IIdSource, allows ref struct
    {
        if (_scores.Score(peer.Record) < _options.Scores.GossipThreshold)
        {
            return;
        }

        ref PeerCounts counts = ref peer.CountsAt(_tick);
        while (ids.MoveNext())
        {
            if (++counts.IdsLookedUp > _options.IWantIds)
            {
                Counters.IWantsOverLimit++;

                // Nobody can want more than we told of: once a heartbeat is enough to count.
                _scores.Misbehaved(peer.Record, counts.IdsLookedUp == _options.IWantIds + 1 ? 1 : 0);
                return;
            }

            MessageId id = ids.Current;
            if (_history.Find(in id) is not { } cached || _unwanted.Find(in id)?.Contains(peer) is true)
            {
                continue;
            }

            if (cached.TrySend(peer, _options.Retransmissions))
            {
                _output.Send(peer, cached.Message);
            }
            else
            {
                Counters.IWantsOverLimit++;
            }
        }
    }

    /// <summary>A peer says what it has and must not be sent.</summary>
    internal void IDontWant<TIds>(GossipPeer peer, TIds ids, long now)
        where TIds : struct, IIdSource, allows ref struct
    {
        ref PeerCounts counts = ref peer.CountsAt(_tick);
        while (ids.MoveNext())
        {
            if (++counts.DontWants > _options.IDontWantIds)
            {
                Counters.IDontWantsOverLimit++;
                return;
            }

            MessageId id = ids.Current;
            _unwanted.Add(peer, in id, _tick);
            CreditPossession(peer, in id, now);
        }
    }

    /// <summary>A peer takes us into its mesh.</summary>
    public void Graft(GossipPeer peer, GossipTopic? topic, long now)
    {
        // An answer for every topic that a stranger makes up would be work that it can order.
        if (topic is not { Joined: true })
        {
            return;
        }

        TopicPeer entry = peer.Record.GetOrAdd(topic);
        if (entry.InMesh)
        {
            return;
        }

        if (now < entry.BackoffUntil)
        {
            Counters.EarlyGrafts++;
            _scores.Misbehaved(peer.Record, now < entry.FloodUntil ? 2 : 1);

            Refuse(entry, _options.PruneBackoff, now);
        }
        else if (peer.Explicit || !entry.Subscribed || _scores.Score(peer.Record) < 0)
        {
            Refuse(entry, _options.PruneBackoff, now);
        }
        else if (!peer.Outbound && !HasRoomFor(entry))
        {
            // It did nothing wrong: where attackers were first, it may soon be wanted.
            Refuse(entry, _options.FullBackoff, now);
        }
        else
        {
            AddToMesh(entry, now);
        }
    }

    /// <summary>A peer takes us out of its mesh.</summary>
    /// <param name="backoffSeconds">As sent; 0: not said.</param>
    public void Prune(GossipPeer peer, GossipTopic? topic, ulong backoffSeconds, long now)
    {
        if (topic is null || peer.Record.In(topic) is not { } entry)
        {
            return;
        }

        if (entry.InMesh)
        {
            RemoveFromMesh(entry, PruneReason.Peer);
        }

        TimeSpan backoff = backoffSeconds == 0 ? _options.PruneBackoff
            : TimeSpan.FromSeconds((double)Math.Min(backoffSeconds, (ulong)_options.LongestBackoff.TotalSeconds));
        BackOff(entry, backoff, now);
    }

    /// <summary>Whether the peers that this one offers are to be heeded; their records are for the host to verify.</summary>
    public bool TakesPeersFrom(GossipPeer peer) => _options.PeerExchange && _scores.Score(peer.Record) >= _options.Scores.PeerExchangeThreshold;

    // Beyond the degree most of the room is for peers that have shown something, once anybody has: or attackers, who never tire of
    // asking, would always fill what is left.
    private bool HasRoomFor(TopicPeer entry)
    {
        List<TopicPeer> mesh = entry.Topic.Mesh;
        if (mesh.Count < _options.Degree || mesh.Count >= _options.DegreeHigh)
        {
            return mesh.Count < _options.DegreeHigh;
        }

        int proven = mesh.Count(member => member.Stats.HasDelivered);
        return entry.Stats.HasDelivered || proven < _options.DegreeLow / 2 || mesh.Count - proven < _options.UnprovenPeers;
    }

    private void Refuse(TopicPeer entry, TimeSpan backoff, long now)
    {
        BackOff(entry, backoff, now);
        entry.FloodUntil = now + (long)_options.GraftFloodTime.TotalMilliseconds;
        _output.Prune(entry.Peer, entry.Topic.Name, backoff, []);
    }

    private static void BackOff(TopicPeer entry, TimeSpan time, long now) =>
        entry.BackoffUntil = Math.Max(entry.BackoffUntil, now + (long)time.TotalMilliseconds);

    private void AddToMesh(TopicPeer entry, long now)
    {
        entry.InMesh = true;
        entry.Topic.Mesh.Add(entry);
        entry.Stats.Graft(now);
        _scores.Touch(entry.Record);
        _output.Grafted(entry.Peer, entry.Topic.Name);
    }

    private void RemoveFromMesh(TopicPeer entry, PruneReason reason)
    {
        entry.InMesh = false;
        entry.Topic.Mesh.Remove(entry);
        entry.Stats.Prune(entry.Topic.Parameters);
        _output.Pruned(entry.Peer, entry.Topic.Name, reason);
    }

    private void Prune(TopicPeer entry, TimeSpan backoff, PruneReason reason, long now)
    {
        RemoveFromMesh(entry, reason);
        BackOff(entry, backoff, now);
        entry.FloodUntil = now + (long)_options.GraftFloodTime.TotalMilliseconds;
        _output.Prune(entry.Peer, entry.Topic.Name, backoff, Offer(entry, reason));
    }

    // A peer that is thrown out for its conduct is told of nobody.
    private PeerId[] Offer(TopicPeer entry, PruneReason reason) =>
        !_options.PeerExchange || reason is PruneReason.Score
            ? []
            : [.. Choose(entry.Topic, _options.PrunePeers, e => !ReferenceEquals(e, entry) && _scores.Score(e.Record) >= 0).Select(e => e.Record.Id)];
}
