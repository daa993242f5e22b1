using System.Net;
using Blackwall.Mesh.Libp2p.Gossip.Topics;

namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>The records of all peers, connected or remembered, and what they come to (gossipsub 1.1, peer scoring).</summary>
internal sealed class PeerScores
{
    private const int MostIntervals = 60;

    private readonly PeerScoreParameters _parameters;
    private readonly Func<PeerId, double>? _appScore;
    private readonly GossipCounters _counters;
    private readonly int _retained;
    private readonly double _behaviourDecay;
    private readonly Dictionary<PeerId, PeerRecord> _records = [];
    private readonly Dictionary<IPAddress, AddressGroup> _groups = [];
    private readonly Queue<(PeerRecord Record, long ForgetAt)> _leaving = [];
    private readonly List<PeerRecord> _active = [];
    private bool _groupsChanged;
    private long _nextDecay;

    public PeerScores(PeerScoreParameters parameters, int retained, Func<PeerId, double>? appScore, GossipCounters counters)
    {
        _parameters = parameters;
        _retained = retained;
        _appScore = appScore;
        _counters = counters;
        _behaviourDecay = ScoreDecay.Factor(parameters.DecayInterval, parameters.BehaviourDecay);
    }

    /// <summary>Records of peers that are not connected.</summary>
    public int Remembered => _leaving.Count;

    public PeerRecord Connect(PeerId id, IPAddress? address)
    {
        if (!_records.TryGetValue(id, out PeerRecord? record))
        {
            record = new PeerRecord(id);
            _records.Add(id, record);
        }

        record.AppScore = AppScore(id);
        Join(record, address);
        record.Score = Score(record);
        Touch(record);
        return record;
    }

    /// <summary>Keeps the record of a peer that leaves while it says anything against it, and drops it otherwise.</summary>
    public void Disconnect(PeerRecord record, long now)
    {
        foreach (TopicPeer? topic in record.Topics)
        {
            if (topic is not null)
            {
                topic.Stats.Prune(topic.Topic.Parameters);
                topic.Stats.FirstDeliveries = 0;
            }
        }

        record.Peer = null;

        // By its own conduct: what its neighbours at one address cost it is nothing to remember.
        long forget = Score(record) - Colocation(record) < 0 ? now + (long)_parameters.RetainTime.TotalMilliseconds : LastBackoff(record);
        if (forget <= now)
        {
            Forget(record);
            return;
        }

        record.ForgetAt = forget;
        _leaving.Enqueue((record, forget));
        while (_leaving.Count > _retained)
        {
            _counters.ScoresEvicted += ForgetNext() ? 1 : 0;
        }
    }

    /// <summary>To be called when a counter of the record has grown, or it came into a mesh.</summary>
    public void Touch(PeerRecord record)
    {
        if (!record.Active)
        {
            record.Active = true;
            _active.Add(record);
        }
    }

    /// <summary>P7.</summary>
    public void Misbehaved(PeerRecord record, double weight)
    {
        record.Behaviour += weight;
        Touch(record);
    }

    public double Score(PeerRecord record)
    {
        double score = 0;
        foreach (TopicPeer? topic in record.Topics)
        {
            if (topic is not null)
            {
                score += topic.Stats.Score(topic.Topic.Parameters);
            }
        }

        score = Math.Min(score, _parameters.TopicScoreCap) + (record.AppScore * _parameters.AppScoreWeight);
        score += Colocation(record);
        if (record.Behaviour > _parameters.BehaviourThreshold)
        {
            double excess = record.Behaviour - _parameters.BehaviourThreshold;
            score += _parameters.BehaviourWeight * excess * excess;
        }

        return score;
    }

    /// <summary>The score of a peer, connected or remembered; 0 for one that nothing is known of.</summary>
    public double Score(PeerId id) => _records.TryGetValue(id, out PeerRecord? record) ? Score(record) : 0;

    public PeerRecord? Find(PeerId id) => _records.GetValueOrDefault(id);

    /// <summary>
    /// Lets the counters of connected peers fade, once for each interval that passed, notes their scores, and forgets who is gone long
    /// enough. Who is gone does not improve by waiting. Peers that have nothing to fade are not looked at.
    /// </summary>
    public void Tick(long now)
    {
        long interval = (long)_parameters.DecayInterval.TotalMilliseconds;
        _nextDecay = _nextDecay == 0 ? now : _nextDecay;

        // After a long pause (a suspended machine) many intervals have passed: more of them would change nothing.
        int intervals = (int)Math.Min(MostIntervals, ((now - _nextDecay) / interval) + (_nextDecay <= now ? 1 : 0));
        _nextDecay = intervals == MostIntervals ? now + interval : _nextDecay + (intervals * interval);
        for (int at = _active.Count - 1; at >= 0; at--)
        {
            PeerRecord record = _active[at];
            for (int i = 0; i < intervals && record.Peer is not null; i++)
            {
                Decay(record, now);
            }

            record.Score = Score(record);
            if (record.Peer is null || IsIdle(record))
            {
                record.Active = false;
                _active[at] = _active[^1];
                _active.RemoveAt(_active.Count - 1);
            }
        }

        if (_groupsChanged)
        {
            _groupsChanged = false;
            foreach (PeerRecord record in _records.Values)
            {
                record.Score = Score(record);
            }
        }

        while (_leaving.TryPeek(out (PeerRecord Record, long ForgetAt) next) && next.ForgetAt <= now)
        {
            ForgetNext();
        }
    }

    /// <summary>A topic is no longer known.</summary>
    public void Remove(GossipTopic topic)
    {
        foreach (PeerRecord record in _records.Values)
        {
            record.Remove(topic);
        }
    }

    // What the application says may change at any time: with such a peer's record there is always something to look at.
    private bool IsIdle(PeerRecord record)
    {
        if (_appScore is not null || record.Behaviour > 0)
        {
            return false;
        }

        foreach (TopicPeer? topic in record.Topics)
        {
            if (topic is not null && !topic.Stats.IsIdle)
            {
                return false;
            }
        }

        return true;
    }

    private double Colocation(PeerRecord record)
    {
        int surplus = (record.Group?.Members ?? 0) - _parameters.ColocationThreshold;
        return surplus > 0 ? _parameters.ColocationWeight * surplus * surplus : 0;
    }

    private void Decay(PeerRecord record, long now)
    {
        record.Behaviour = ScoreDecay.Apply(record.Behaviour, _behaviourDecay);
        record.AppScore = AppScore(record.Id);
        foreach (TopicPeer? topic in record.Topics)
        {
            topic?.Stats.Decay(in topic.Topic.Decay, now);
        }
    }

    private double AppScore(PeerId id) =>
        _appScore?.Invoke(id) is { } score && double.IsFinite(score) ? Math.Clamp(score, -_parameters.AppScoreLimit, _parameters.AppScoreLimit) : 0;

    private static long LastBackoff(PeerRecord record)
    {
        long last = 0;
        foreach (TopicPeer? topic in record.Topics)
        {
            last = Math.Max(last, topic?.BackoffUntil ?? 0);
        }

        return last;
    }

    // The queue is in the order of leaving; one that came back, or left again later, is passed over here.
    private bool ForgetNext()
    {
        (PeerRecord record, long forgetAt) = _leaving.Dequeue();
        if (record.Peer is not null || record.ForgetAt != forgetAt)
        {
            return false;
        }

        Forget(record);
        return true;
    }

    private void Forget(PeerRecord record)
    {
        Leave(record);
        _records.Remove(record.Id);
    }

    private void Join(PeerRecord record, IPAddress? address)
    {
        Leave(record);
        if (address is null || IsWhitelisted(address))
        {
            return;
        }

        IPAddress key = AddressGroup.KeyOf(address);
        if (!_groups.TryGetValue(key, out AddressGroup? group))
        {
            group = new AddressGroup(key);
            _groups.Add(key, group);
        }

        group.Members++;
        _groupsChanged |= group.Members > _parameters.ColocationThreshold;
        record.Group = group;
    }

    private void Leave(PeerRecord record)
    {
        if (record.Group is { } group)
        {
            _groupsChanged |= group.Members > _parameters.ColocationThreshold;
            if (--group.Members == 0)
            {
                _groups.Remove(group.Key);
            }
        }

        record.Group = null;
    }

    private bool IsWhitelisted(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (IPNetwork network in _parameters.ColocationWhitelist)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}
