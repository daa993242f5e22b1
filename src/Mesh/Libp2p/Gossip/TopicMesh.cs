using Blackwall.Mesh.Libp2p.Gossip.Topics;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>The meshes of topics: who is taken in, who is kept, who has to go; and whom we publish to where we take no part.</summary>
internal sealed class TopicMesh(GossipState state)
{
    private readonly List<TopicPeer> _chosen = [];

    public void KeepMesh(GossipTopic topic, long now)
    {
        bool negative = false;
        foreach (TopicPeer entry in topic.Mesh)
        {
            negative |= entry.Score < 0;
        }

        if (negative)
        {
            foreach (TopicPeer entry in topic.Mesh.Where(e => e.Score < 0).ToArray())
            {
                Prune(entry, state.Options.PruneBackoff, PruneReason.Score, now);
            }
        }

        if (topic.Mesh.Count < state.Options.DegreeLow)
        {
            FillMesh(topic, state.Options.Degree, now);
        }
        else if (topic.Mesh.Count > state.Options.DegreeHigh)
        {
            CutMesh(topic, now);
        }

        if (topic.Mesh.Count >= state.Options.DegreeLow)
        {
            int missing = state.Options.DegreeOutbound - topic.Mesh.Count(e => e.Peer.Outbound);
            if (missing > 0)
            {
                GraftAll(Choose(topic, missing, e => e.Peer.Outbound && MayGraft(e, now)), now);
            }

            if (state.Tick % state.Options.OpportunisticGraftTicks == 0)
            {
                GraftOpportunistically(topic, now);
            }
        }
    }

    public void FillMesh(GossipTopic topic, int degree, long now)
    {
        int missing = degree - topic.Mesh.Count;
        if (missing <= 0)
        {
            return;
        }

        // Most of them by what they have shown, so that one who was thrown out is not followed by the next of its kind for ever;
        // the others by lot, so that a good score is not enough to take all places.
        List<TopicPeer> chosen = Choose(topic, int.MaxValue, e => MayGraft(e, now));
        TopicPeer[] best = [.. chosen.Where(e => e.Stats.HasDelivered).OrderByDescending(e => e.Score).Take(missing - (missing / 4))];
        GraftAll(best, now);
        chosen.RemoveAll(e => e.InMesh);
        GraftAll(chosen[..Math.Min(chosen.Count, missing - best.Length)], now);
    }

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
            state.Counters.EarlyGrafts++;
            state.Scores.Misbehaved(peer.Record, now < entry.FloodUntil ? 2 : 1);

            Refuse(entry, state.Options.PruneBackoff, now);
        }
        else if (peer.Explicit || !entry.Subscribed || state.Scores.Score(peer.Record) < 0)
        {
            Refuse(entry, state.Options.PruneBackoff, now);
        }
        else if (!peer.Outbound && !HasRoomFor(entry))
        {
            // It did nothing wrong: where attackers were first, it may soon be wanted.
            Refuse(entry, state.Options.FullBackoff, now);
        }
        else
        {
            AddToMesh(entry, now);
        }
    }

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

        TimeSpan backoff = backoffSeconds == 0 ? state.Options.PruneBackoff
            : TimeSpan.FromSeconds((double)Math.Min(backoffSeconds, (ulong)state.Options.LongestBackoff.TotalSeconds));
        BackOff(entry, backoff, now);
    }

    public void Prune(TopicPeer entry, TimeSpan backoff, PruneReason reason, long now)
    {
        RemoveFromMesh(entry, reason);
        BackOff(entry, backoff, now);
        entry.FloodUntil = now + (long)state.Options.GraftFloodTime.TotalMilliseconds;
        state.Output.Prune(entry.Peer, entry.Topic.Name, backoff, Offer(entry, reason));
    }

    // Beyond the degree most of the room is for peers that have shown something, once anybody has: or attackers, who never tire of
    // asking, would always fill what is left.
    private bool HasRoomFor(TopicPeer entry)
    {
        List<TopicPeer> mesh = entry.Topic.Mesh;
        if (mesh.Count < state.Options.Degree || mesh.Count >= state.Options.DegreeHigh)
        {
            return mesh.Count < state.Options.DegreeHigh;
        }

        int proven = mesh.Count(member => member.Stats.HasDelivered);
        return entry.Stats.HasDelivered || proven < state.Options.DegreeLow / 2 || mesh.Count - proven < state.Options.UnprovenPeers;
    }

    private void Refuse(TopicPeer entry, TimeSpan backoff, long now)
    {
        BackOff(entry, backoff, now);
        entry.FloodUntil = now + (long)state.Options.GraftFloodTime.TotalMilliseconds;
        state.Output.Prune(entry.Peer, entry.Topic.Name, backoff, []);
    }

    private static void BackOff(TopicPeer entry, TimeSpan time, long now) =>
        entry.BackoffUntil = Math.Max(entry.BackoffUntil, now + (long)time.TotalMilliseconds);

    public void AddToMesh(TopicPeer entry, long now)
    {
        entry.InMesh = true;
        entry.Topic.Mesh.Add(entry);
        entry.Stats.Graft(now);
        state.Scores.Touch(entry.Record);
        state.Output.Grafted(entry.Peer, entry.Topic.Name);
    }

    public void RemoveFromMesh(TopicPeer entry, PruneReason reason)
    {
        entry.InMesh = false;
        entry.Topic.Mesh.Remove(entry);
        entry.Stats.Prune(entry.Topic.Parameters);
        state.Output.Pruned(entry.Peer, entry.Topic.Name, reason);
    }

    // A peer that is thrown out for its conduct is told of nobody.
    private PeerId[] Offer(TopicPeer entry, PruneReason reason) =>
        !state.Options.PeerExchange || reason is PruneReason.Score
            ? []
            : [.. Choose(entry.Topic, state.Options.PrunePeers, e => !ReferenceEquals(e, entry) && state.Scores.Score(e.Record) >= 0).Select(e => e.Record.Id)];

    public void KeepFanout(GossipTopic topic, long now)
    {
        if (topic.Fanout.Count == 0 && now - topic.LastPublish > state.Options.FanoutTime.TotalMilliseconds)
        {
            return;
        }

        for (int i = topic.Fanout.Count - 1; i >= 0; i--)
        {
            if (topic.Fanout[i].Score < state.Options.Scores.PublishThreshold)
            {
                topic.Fanout[i].InFanout = false;
                topic.Fanout.RemoveAt(i);
            }
        }

        FillFanout(topic);
    }

    public void FillFanout(GossipTopic topic)
    {
        if (state.Options.FloodPublish || topic.Fanout.Count >= state.Options.Degree)
        {
            return;
        }

        foreach (TopicPeer entry in Choose(topic, state.Options.Degree - topic.Fanout.Count, e => !e.InFanout && !e.Peer.Explicit && e.Score >= state.Options.Scores.PublishThreshold))
        {
            entry.InFanout = true;
            topic.Fanout.Add(entry);
        }
    }

    // The best few stay, the others by lot, for who knows the order of the scores could fill it; and enough that we dialled.
    private void CutMesh(GossipTopic topic, long now)
    {
        List<TopicPeer> order = [.. topic.Mesh];
        state.Shuffle(order);
        order.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        state.Shuffle(order, state.Options.DegreeScore);

        int outbound = order.Take(state.Options.Degree).Count(e => e.Peer.Outbound);
        for (int from = state.Options.Degree, to = state.Options.Degree - 1; from < order.Count && to >= state.Options.DegreeScore && outbound < state.Options.DegreeOutbound; from++)
        {
            if (!order[from].Peer.Outbound)
            {
                continue;
            }

            while (to >= state.Options.DegreeScore && order[to].Peer.Outbound)
            {
                to--;
            }

            if (to >= state.Options.DegreeScore)
            {
                (order[from], order[to]) = (order[to], order[from]);
                outbound++;
            }
        }

        foreach (TopicPeer entry in order.Skip(state.Options.Degree))
        {
            Prune(entry, state.Options.PruneBackoff, PruneReason.Excess, now);
        }
    }

    // A mesh whose median is poor is one that was taken over slowly.
    private void GraftOpportunistically(GossipTopic topic, long now)
    {
        if (topic.Mesh.Count < 2)
        {
            return;
        }

        double[] scores = [.. topic.Mesh.Select(e => e.Score).Order()];
        double median = scores[scores.Length / 2];
        if (median < state.Options.Scores.OpportunisticGraftThreshold)
        {
            GraftAll(Choose(topic, state.Options.OpportunisticGraftPeers, e => e.Score > median && MayGraft(e, now)), now);
        }
    }

    // A heartbeat of slack: the other side's clock may have begun the backoff later.
    private bool MayGraft(TopicPeer entry, long now) =>
        !entry.InMesh
        && !entry.Peer.Explicit
        && (entry.BackoffUntil == 0 || now >= entry.BackoffUntil + (long)state.Options.HeartbeatInterval.TotalMilliseconds)
        && entry.Score >= 0;

    private void GraftAll(IReadOnlyList<TopicPeer> entries, long now)
    {
        foreach (TopicPeer entry in entries)
        {
            AddToMesh(entry, now);
            state.Output.Graft(entry.Peer, entry.Topic.Name);
        }
    }

    /// <summary>Some of a topic's peers by lot. The list is valid until the next call.</summary>
    public List<TopicPeer> Choose(GossipTopic topic, int count, Func<TopicPeer, bool> may)
    {
        _chosen.Clear();
        foreach (TopicPeer entry in topic.Peers)
        {
            if (may(entry))
            {
                _chosen.Add(entry);
            }
        }

        for (int i = 0; i < count && i < _chosen.Count; i++)
        {
            int other = state.Random.Next(i, _chosen.Count);
            (_chosen[i], _chosen[other]) = (_chosen[other], _chosen[i]);
        }

        if (_chosen.Count > count)
        {
            _chosen.RemoveRange(count, _chosen.Count - count);
        }

        return _chosen;
    }
}
