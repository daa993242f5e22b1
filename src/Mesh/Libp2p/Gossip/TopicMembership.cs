using System.Net;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Topics;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>Who is connected, and who takes part in which topic: we and the others.</summary>
internal sealed class TopicMembership(GossipState state, TopicMesh mesh)
{
    private readonly Stack<int> _freeIndexes = [];

    public GossipPeer AddPeer(PeerId id, GossipVersion version, bool outbound, IPAddress? address, object? tag)
    {
        PeerRecord record = state.Scores.Connect(id, address);
        if (record.Peer is not null)
        {
            throw new InvalidOperationException($"The peer {id} is there already.");
        }

        var peer = new GossipPeer(record, version, outbound, state.Explicit.Contains(id), address, tag);
        record.Peer = peer;
        state.Peers.Add(peer);
        Announce(peer);
        return peer;
    }

    public void Announce(GossipPeer peer)
    {
        foreach (GossipTopic topic in state.Topics.Values)
        {
            if (topic.Joined)
            {
                state.Output.Subscription(peer, topic.Name, true);
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
        state.Peers.Remove(peer);
        state.Scores.Disconnect(peer.Record, now);
    }

    public GossipTopic Join(string name, TopicScoreParameters? parameters = null)
    {
        GossipTopic topic = FindOrAdd(name);
        if (parameters is not null)
        {
            topic.Parameters = parameters;
            topic.Decay = new TopicDecay(parameters, state.Options.Scores.DecayInterval);
        }

        if (topic.Joined)
        {
            return topic;
        }

        topic.Joined = true;
        foreach (GossipPeer peer in state.Peers)
        {
            state.Output.Subscription(peer, name, true);
        }

        // Whom we published to so far knows us; the rest comes by lot.
        foreach (TopicPeer entry in topic.Fanout)
        {
            entry.InFanout = false;
        }

        topic.Fanout.Clear();
        return topic;
    }

    public void Leave(string name, long now)
    {
        if (!state.Topics.TryGetValue(name, out GossipTopic? topic) || !topic.Joined)
        {
            return;
        }

        topic.Joined = false;
        foreach (GossipPeer peer in state.Peers)
        {
            state.Output.Subscription(peer, name, false);
        }

        while (topic.Mesh is [.., var entry])
        {
            mesh.Prune(entry, state.Options.UnsubscribeBackoff, PruneReason.Left, now);
        }

        // Backoffs and scores outlive a short absence; a heartbeat forgets the topic later.
        topic.LastPublish = now;
    }

    public void Subscription(GossipPeer peer, ReadOnlySpan<char> name, bool subscribe)
    {
        if (!state.TopicsByText.TryGetValue(name, out GossipTopic? topic))
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
            state.Output.Subscribed(peer, topic.Name, false);
        }
        else if (HasRoom(peer))
        {
            Enter(peer, topic);
            state.Output.Subscribed(peer, topic.Name, true);
        }
    }

    public void ForgetUnused(long now)
    {
        foreach (GossipTopic topic in state.Topics.Values)
        {
            // Removing does not disturb the walk over a dictionary.
            if (!topic.Joined && now - topic.LastPublish > state.Options.FanoutTime.TotalMilliseconds)
            {
                Forget(topic);
            }
        }
    }

    public GossipTopic FindOrAdd(string name)
    {
        if (state.Topics.TryGetValue(name, out GossipTopic? topic))
        {
            return topic;
        }

        if (state.Topics.Count >= state.Options.OwnTopics)
        {
            throw new MeshException($"No more than {state.Options.OwnTopics} topics can be taken part in at once.");
        }

        int index = _freeIndexes.TryPop(out int free) ? free : state.Topics.Count;
        topic = new GossipTopic(name, index, new TopicScoreParameters(), state.Options.Scores.DecayInterval);
        state.Topics.Add(name, topic);
        foreach (GossipPeer peer in state.Peers)
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
        state.Topics.Remove(topic.Name);
        state.Scores.Remove(topic);
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
            mesh.RemoveFromMesh(entry, reason);
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
                state.Output.Subscribed(peer, name, false);
            }

            return;
        }

        if ((peer.ForeignTopics is null || !peer.ForeignTopics.Contains(name)) && HasRoom(peer))
        {
            (peer.ForeignTopics ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
            peer.Subscriptions++;
            if (!announced)
            {
                state.Output.Subscribed(peer, name, true);
            }
        }
    }

    private bool HasRoom(GossipPeer peer)
    {
        if (peer.Subscriptions < state.Options.TopicsPerPeer)
        {
            return true;
        }

        state.Counters.SubscriptionsOverLimit++;
        return false;
    }
}
