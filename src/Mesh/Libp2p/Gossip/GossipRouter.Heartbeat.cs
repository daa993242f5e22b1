using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <content>What is done once a heartbeat: scores, meshes, gossip.</content>
public sealed partial class GossipRouter
{
    private readonly List<TopicPeer> _chosen = [];
    private readonly List<MessageId> _ids = [];
    private int _tick;

    /// <summary>To be called every <see cref="GossipOptions.HeartbeatInterval"/>.</summary>
    public void Heartbeat(long now)
    {
        _tick++;
        _unwanted.Expire(_tick);

        _promises.TakeBroken(now, peer =>
        {
            Counters.BrokenPromises++;
            _scores.Misbehaved(peer.Record, 1);
        });
        _scores.Tick(now);
        foreach (GossipTopic topic in _topics.Values)
        {
            if (topic.Joined)
            {
                KeepMesh(topic, now);
            }
            else
            {
                KeepFanout(topic, now);
            }

            EmitGossip(topic);
        }

        ForgetUnused(now);

        _history.Shift();
        _seen.Expire(now);
    }

    private void ForgetUnused(long now)
    {
        foreach (GossipTopic topic in _topics.Values)
        {
            // Removing does not disturb the walk over a dictionary.
            if (!topic.Joined && now - topic.LastPublish > _options.FanoutTime.TotalMilliseconds)
            {
                Forget(topic);
            }
        }
    }

    private void KeepMesh(GossipTopic topic, long now)
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
                Prune(entry, _options.PruneBackoff, PruneReason.Score, now);
            }
        }

        if (topic.Mesh.Count < _options.DegreeLow)
        {
            FillMesh(topic, _options.Degree, now);
        }
        else if (topic.Mesh.Count > _options.DegreeHigh)
        {
            CutMesh(topic, now);
        }

        if (topic.Mesh.Count >= _options.DegreeLow)
        {
            int missing = _options.DegreeOutbound - topic.Mesh.Count(e => e.Peer.Outbound);
            if (missing > 0)
            {
                GraftAll(Choose(topic, missing, e => e.Peer.Outbound && MayGraft(e, now)), now);
            }

            if (_tick % _options.OpportunisticGraftTicks == 0)
            {
                GraftOpportunistically(topic, now);
            }
        }
    }

    private void FillMesh(GossipTopic topic, int degree, long now)
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

    // The best few stay, the others by lot, for who knows the order of the scores could fill it; and enough that we dialled.
    private void CutMesh(GossipTopic topic, long now)
    {
        List<TopicPeer> order = [.. topic.Mesh];
        Shuffle(order);
        order.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        Shuffle(order, _options.DegreeScore);

        int outbound = order.Take(_options.Degree).Count(e => e.Peer.Outbound);
        for (int from = _options.Degree, to = _options.Degree - 1; from < order.Count && to >= _options.DegreeScore && outbound < _options.DegreeOutbound; from++)
        {
            if (!order[from].Peer.Outbound)
            {
                continue;
            }

            while (to >= _options.DegreeScore && order[to].Peer.Outbound)
            {
                to--;
            }

            if (to >= _options.DegreeScore)
            {
                (order[from], order[to]) = (order[to], order[from]);
                outbound++;
            }
        }

        foreach (TopicPeer entry in order.Skip(_options.Degree))
        {
            Prune(entry, _options.PruneBackoff, PruneReason.Excess, now);
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
        if (median < _options.Scores.OpportunisticGraftThreshold)
        {
            GraftAll(Choose(topic, _options.OpportunisticGraftPeers, e => e.Score > median && MayGraft(e, now)), now);
        }
    }

    // A heartbeat of slack: the other side's clock may have begun the backoff later.
    private bool MayGraft(TopicPeer entry, long now) =>
        !entry.InMesh
        && !entry.Peer.Explicit
        && (entry.BackoffUntil == 0 || now >= entry.BackoffUntil + (long)_options.HeartbeatInterval.TotalMilliseconds)
        && entry.Score >= 0;

    private void GraftAll(IReadOnlyList<TopicPeer> entries, long now)
    {
        foreach (TopicPeer entry in entries)
        {
            AddToMesh(entry, now);
            _output.Graft(entry.Peer, entry.Topic.Name);
        }
    }

    private void KeepFanout(GossipTopic topic, long now)
    {
        if (topic.Fanout.Count == 0 && now - topic.LastPublish > _options.FanoutTime.TotalMilliseconds)
        {
            return;
        }

        for (int i = topic.Fanout.Count - 1; i >= 0; i--)
        {
            if (topic.Fanout[i].Score < _options.Scores.PublishThreshold)
            {
                topic.Fanout[i].InFanout = false;
                topic.Fanout.RemoveAt(i);
            }
        }

        FillFanout(topic);
    }

    private void FillFanout(GossipTopic topic)
    {
        if (_options.FloodPublish || topic.Fanout.Count >= _options.Degree)
        {
            return;
        }

        foreach (TopicPeer entry in Choose(topic, _options.Degree - topic.Fanout.Count, e => !e.InFanout && !e.Peer.Explicit && e.Score >= _options.Scores.PublishThreshold))
        {
            entry.InFanout = true;
            topic.Fanout.Add(entry);
        }
    }

    private void EmitGossip(GossipTopic topic)
    {
        _history.GossipIds(topic.Name, _ids);
        if (_ids.Count == 0)
        {
            return;
        }

        // Those beyond the limit are told to nobody else this time either, so who is left out changes by lot.
        if (_ids.Count > _options.IHaveIds)
        {
            Shuffle(_ids);
            _ids.RemoveRange(_options.IHaveIds, _ids.Count - _options.IHaveIds);
        }

        MessageId[] ids = [.. _ids];
        // A shuffle that ends when enough are found: most peers need not be looked at.
        List<TopicPeer> peers = topic.Peers;
        int wanted = Math.Max(_options.DegreeLazy, (int)(_options.GossipFactor * (peers.Count - topic.Mesh.Count)));
        for (int i = 0; i < peers.Count && wanted > 0; i++)
        {
            int other = _random.Next(i, peers.Count);
            (peers[i], peers[other]) = (peers[other], peers[i]);
            if (MayGossip(peers[i]))
            {
                _output.IHave(peers[i].Peer, topic.Name, ids);
                wanted--;
            }
        }
    }

    private bool MayGossip(TopicPeer entry) =>
        !entry.InMesh && !entry.InFanout && !entry.Peer.Explicit && entry.Score >= _options.Scores.GossipThreshold;

    /// <summary>Some of a topic's peers by lot. The list is valid until the next call.</summary>
    private List<TopicPeer> Choose(GossipTopic topic, int count, Func<TopicPeer, bool> may)
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
            int other = _random.Next(i, _chosen.Count);
            (_chosen[i], _chosen[other]) = (_chosen[other], _chosen[i]);
        }

        if (_chosen.Count > count)
        {
            _chosen.RemoveRange(count, _chosen.Count - count);
        }

        return _chosen;
    }

    private void Shuffle<T>(List<T> list, int from = 0)
    {
        for (int i = from; i < list.Count - 1; i++)
        {
            int other = _random.Next(i, list.Count);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }
}
