using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>Who has what, and who wants it. All of it is bounded by peer and heartbeat before it costs anything.</summary>
internal sealed class GossipExchange(GossipState state, MessageFlow messages)
{
    private readonly List<MessageId> _wanted = [];
    private readonly List<MessageId> _ids = [];

    public void IHave<TIds>(GossipPeer peer, GossipTopic? topic, TIds ids, long now)
        where TIds : struct, IIdSource, allows ref struct
    {
        if (topic is not { Joined: true } || state.Scores.Score(peer.Record) < state.Options.Scores.GossipThreshold)
        {
            return;
        }

        ref PeerCounts counts = ref peer.CountsAt(state.Tick);
        if (++counts.IHaveMessages > state.Options.IHaveMessages)
        {
            state.Counters.IHavesOverLimit++;
            return;
        }

        _wanted.Clear();
        while (ids.MoveNext())
        {
            if (counts.IdsAskedFor >= state.Options.IHaveIds)
            {
                state.Counters.IHavesOverLimit++;
                break;
            }

            // Every id counts, known or not: looking it up is the cost that is bounded.
            counts.IdsAskedFor++;
            MessageId id = ids.Current;
            if (!state.Seen.Contains(in id) && !state.Pending.ContainsKey(id))
            {
                _wanted.Add(id);
            }
        }

        if (_wanted.Count > 0)
        {
            state.Promises.Add(peer, _wanted[state.Random.Next(_wanted.Count)], now);
            state.Output.IWant(peer, _wanted.ToArray());
        }
    }

    public void IWant<TIds>(GossipPeer peer, TIds ids)
        where TIds : struct, IIdSource, allows ref struct
    {
        if (state.Scores.Score(peer.Record) < state.Options.Scores.GossipThreshold)
        {
            return;
        }

        ref PeerCounts counts = ref peer.CountsAt(state.Tick);
        while (ids.MoveNext())
        {
            if (++counts.IdsLookedUp > state.Options.IWantIds)
            {
                state.Counters.IWantsOverLimit++;

                // Nobody can want more than we told of: once a heartbeat is enough to count.
                state.Scores.Misbehaved(peer.Record, counts.IdsLookedUp == state.Options.IWantIds + 1 ? 1 : 0);
                return;
            }

            MessageId id = ids.Current;
            if (state.History.Find(in id) is not { } cached || state.Unwanted.Find(in id)?.Contains(peer) is true)
            {
                continue;
            }

            if (cached.TrySend(peer, state.Options.Retransmissions))
            {
                state.Output.Send(peer, cached.Message);
            }
            else
            {
                state.Counters.IWantsOverLimit++;
            }
        }
    }

    public void IDontWant<TIds>(GossipPeer peer, TIds ids, long now)
        where TIds : struct, IIdSource, allows ref struct
    {
        ref PeerCounts counts = ref peer.CountsAt(state.Tick);
        while (ids.MoveNext())
        {
            if (++counts.DontWants > state.Options.IDontWantIds)
            {
                state.Counters.IDontWantsOverLimit++;
                return;
            }

            MessageId id = ids.Current;
            state.Unwanted.Add(peer, in id, state.Tick);
            messages.CreditPossession(peer, in id, now);
        }
    }

    public void EmitGossip(GossipTopic topic)
    {
        state.History.GossipIds(topic.Name, _ids);
        if (_ids.Count == 0)
        {
            return;
        }

        // Those beyond the limit are told to nobody else this time either, so who is left out changes by lot.
        if (_ids.Count > state.Options.IHaveIds)
        {
            state.Shuffle(_ids);
            _ids.RemoveRange(state.Options.IHaveIds, _ids.Count - state.Options.IHaveIds);
        }

        MessageId[] ids = [.. _ids];
        // A shuffle that ends when enough are found: most peers need not be looked at.
        List<TopicPeer> peers = topic.Peers;
        int wanted = Math.Max(state.Options.DegreeLazy, (int)(state.Options.GossipFactor * (peers.Count - topic.Mesh.Count)));
        for (int i = 0; i < peers.Count && wanted > 0; i++)
        {
            int other = state.Random.Next(i, peers.Count);
            (peers[i], peers[other]) = (peers[other], peers[i]);
            if (MayGossip(peers[i]))
            {
                state.Output.IHave(peers[i].Peer, topic.Name, ids);
                wanted--;
            }
        }
    }

    private bool MayGossip(TopicPeer entry) =>
        !entry.InMesh && !entry.InFanout && !entry.Peer.Explicit && entry.Score >= state.Options.Scores.GossipThreshold;
}
