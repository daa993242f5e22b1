using System.Runtime.InteropServices;
using Blackwall.Mesh.Libp2p.Gossip.Cache;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>
/// The way of a message: <see cref="Inspect"/>, then <see cref="Begin"/>, outside of the router the signature, then
/// <see cref="SignatureHeld"/> or <see cref="SignatureFailed"/>, the application's validator, and <see cref="Complete"/>.
/// An id is seen only once a signature held: a forged copy could keep the true message out otherwise.
/// </summary>
internal sealed class MessageFlow(GossipState state, TopicMesh mesh, TopicMembership topics)
{
    public MessageStep Inspect(GossipPeer peer, GossipTopic? topic, in MessageId id, ReadOnlySpan<byte> raw, long now)
    {
        if (topic is not { Joined: true })
        {
            state.Counters.Unwanted++;
            return MessageStep.Unwanted;
        }

        if (state.Seen.TryGet(in id, out SeenMessage seen))
        {
            state.Counters.Duplicates++;
            CountDuplicate(peer, topic, in seen, now);
            return MessageStep.Duplicate;
        }

        ref PendingMessage first = ref CollectionsMarshal.GetValueRefOrNullRef(state.Pending, id);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref first))
        {
            for (PendingMessage? pending = first; pending is not null; pending = pending.Next)
            {
                if (pending.Message.Raw.Span.SequenceEqual(raw))
                {
                    state.Counters.Duplicates++;
                    if (!ReferenceEquals(pending.Via, peer) && pending.Others?.Contains(peer) is not true)
                    {
                        (pending.Others ??= []).Add(peer);
                    }

                    return MessageStep.Duplicate;
                }
            }
        }

        return MessageStep.Verify;
    }

    public bool IsReplay(PeerId author, ulong number)
    {
        bool over = state.Numbers.IsOver(author, number);
        state.Counters.Replayed += over ? 1 : 0;
        return over;
    }

    public PendingMessage Begin(GossipPeer peer, GossipMessage message)
    {
        var pending = new PendingMessage(peer, message);
        ref PendingMessage? first = ref CollectionsMarshal.GetValueRefOrAddDefault(state.Pending, message.Id, out _);
        pending.Next = first;
        first = pending;
        return pending;
    }

    public void Reject(GossipPeer peer, GossipTopic topic)
    {
        state.Counters.Rejected++;
        Blame(peer, topic);
    }

    public void Abandon(PendingMessage pending) => EndPending(pending);

    public void SignatureFailed(PendingMessage pending)
    {
        EndPending(pending);
        state.Counters.Rejected++;
        Blame(pending);
    }

    public bool SignatureHeld(PendingMessage pending, long now)
    {
        GossipMessage message = pending.Message;
        if (IsReplay(message.From, message.Seqno))
        {
            EndPending(pending);
            return false;
        }

        if (!MarkSeen(in message, now))
        {
            EndPending(pending);
            state.Counters.Duplicates++;
            return false;
        }

        if (message.Data.Length >= state.Options.IDontWantThreshold && state.Topics.TryGetValue(message.Topic, out GossipTopic? topic))
        {
            foreach (TopicPeer entry in topic.Mesh)
            {
                if (entry.Peer.Version >= GossipVersion.V12 && !ReferenceEquals(entry.Peer, pending.Via))
                {
                    state.Output.IDontWant(entry.Peer, message.Id);
                }
            }
        }

        return true;
    }

    public void Complete(PendingMessage pending, Validation validation, long now)
    {
        EndPending(pending);
        GossipMessage message = pending.Message;
        switch (validation)
        {
            case Validation.Reject:
                state.Counters.Rejected++;
                state.Seen.Set(message.Id, invalid: true, deliveries: null);
                Blame(pending);
                return;
            case Validation.Ignore:
                state.Counters.Ignored++;
                return;
        }

        state.Counters.Accepted++;
        if (!state.Topics.TryGetValue(message.Topic, out GossipTopic? topic) || !topic.Joined)
        {
            return;
        }

        Credit(pending, topic, now);
        state.Output.Deliver(pending.Via, message);
        state.Counters.HistoryEvicted += state.History.Add(message);
        Forward(topic, pending, message);
    }

    public bool Publish(GossipMessage message, long now)
    {
        GossipTopic topic = topics.FindOrAdd(message.Topic);
        if (!MarkSeen(in message, now))
        {
            return false;
        }

        topic.LastPublish = now;
        state.Counters.HistoryEvicted += state.History.Add(message);
        if (state.Options.FloodPublish)
        {
            foreach (TopicPeer entry in topic.Peers)
            {
                if (entry.Peer.Explicit || state.Scores.Score(entry.Record) >= state.Options.Scores.PublishThreshold)
                {
                    state.Output.Send(entry.Peer, message);
                }
            }

            return true;
        }

        if (!topic.Joined)
        {
            mesh.FillFanout(topic);
        }

        foreach (TopicPeer entry in topic.Peers)
        {
            if (entry.InMesh || entry.InFanout || entry.Peer.Explicit)
            {
                state.Output.Send(entry.Peer, message);
            }
        }

        // A mesh that is still to be built must not lose what is published meanwhile.
        if (topic.Joined && topic.Mesh.Count == 0)
        {
            foreach (TopicPeer entry in mesh.Choose(topic, state.Options.Degree, e => !e.Peer.Explicit && state.Scores.Score(e.Record) >= state.Options.Scores.PublishThreshold))
            {
                state.Output.Send(entry.Peer, message);
            }
        }

        return true;
    }

    private bool MarkSeen(in GossipMessage message, long now)
    {
        if (!state.Seen.Add(in message, now, out bool evicted))
        {
            return false;
        }

        state.Counters.SeenEvicted += evicted ? 1 : 0;
        state.Promises.Kept(message.Id);
        return true;
    }

    private void Forward(GossipTopic topic, PendingMessage pending, GossipMessage message)
    {
        List<GossipPeer>? unwanted = state.Unwanted.Find(message.Id);
        foreach (TopicPeer entry in topic.Mesh)
        {
            ForwardTo(entry.Peer, pending, message, unwanted);
        }

        if (state.Explicit.Count > 0)
        {
            foreach (TopicPeer entry in topic.Peers)
            {
                if (entry.Peer.Explicit)
                {
                    ForwardTo(entry.Peer, pending, message, unwanted);
                }
            }
        }
    }

    private void ForwardTo(GossipPeer peer, PendingMessage pending, GossipMessage message, List<GossipPeer>? unwanted)
    {
        if (ReferenceEquals(peer, pending.Via) || pending.Others?.Contains(peer) is true || peer.Id == message.From)
        {
            return;
        }

        if (unwanted?.Contains(peer) is not true)
        {
            state.Output.Send(peer, message);
        }
        else
        {
            state.Counters.SpareCopies++;
        }
    }

    private void Credit(PendingMessage pending, GossipTopic topic, long now)
    {
        if (pending.Via.Record.In(topic) is { } first)
        {
            first.Stats.First(topic.Parameters);
            state.Scores.Touch(first.Record);
        }

        if (topic.Parameters.MeshDeliveriesWeight == 0 && topic.Parameters.MeshFailureWeight == 0)
        {
            return;
        }

        var deliveries = new DeliveryRecord(topic, now);
        deliveries.Credit(pending.Via);
        foreach (GossipPeer other in pending.Others ?? [])
        {
            if (deliveries.Credit(other) && other.Record.In(topic) is { } entry)
            {
                Deliver(entry);
            }
        }

        foreach (GossipPeer peer in state.Unwanted.Find(pending.Message.Id) ?? [])
        {
            if (peer.Record.In(topic) is { InMesh: true } entry && deliveries.Credit(peer))
            {
                Deliver(entry);
            }
        }

        state.Seen.Set(pending.Message.Id, invalid: false, deliveries);
    }

    // A mesh peer that says it has the message is as good as one whose copy came: where IDONTWANT spares the copies, nobody would
    // reach the threshold of deliveries otherwise, and honest peers that are always a little later would be punished.
    public void CreditPossession(GossipPeer peer, in MessageId id, long now)
    {
        if (!state.Seen.TryGet(in id, out SeenMessage seen) || seen.Deliveries is not { } deliveries)
        {
            return;
        }

        foreach (TopicPeer? entry in peer.Record.Topics)
        {
            if (entry is { InMesh: true }
                && ReferenceEquals(entry.Topic, deliveries.Topic)
                && now - deliveries.ValidatedAt <= entry.Topic.Parameters.MeshDeliveriesWindow.TotalMilliseconds
                && deliveries.Credit(peer))
            {
                Deliver(entry);
            }
        }
    }

    private void Deliver(TopicPeer entry)
    {
        entry.Stats.Delivered(entry.Topic.Parameters);
        state.Scores.Touch(entry.Record);
    }

    private void CountDuplicate(GossipPeer peer, GossipTopic topic, in SeenMessage seen, long now)
    {
        if (seen.Invalid)
        {
            Blame(peer, topic);
        }
        else if (seen.Deliveries is { } deliveries
            && now - deliveries.ValidatedAt <= topic.Parameters.MeshDeliveriesWindow.TotalMilliseconds
            && peer.Record.In(topic) is { InMesh: true } entry
            && deliveries.Credit(peer))
        {
            Deliver(entry);
        }
    }

    // Whoever sent these very bytes could have verified them.
    private void Blame(PendingMessage pending)
    {
        if (!state.Topics.TryGetValue(pending.Message.Topic, out GossipTopic? topic))
        {
            return;
        }

        Blame(pending.Via, topic);
        foreach (GossipPeer other in pending.Others ?? [])
        {
            Blame(other, topic);
        }
    }

    private void Blame(GossipPeer peer, GossipTopic topic)
    {
        peer.Record.GetOrAdd(topic).Stats.Invalid++;
        state.Scores.Touch(peer.Record);
    }

    private void EndPending(PendingMessage pending)
    {
        ref PendingMessage first = ref CollectionsMarshal.GetValueRefOrNullRef(state.Pending, pending.Message.Id);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref first))
        {
            return;
        }

        if (ReferenceEquals(first, pending))
        {
            if (pending.Next is null)
            {
                state.Pending.Remove(pending.Message.Id);
            }
            else
            {
                first = pending.Next;
            }

            return;
        }

        for (PendingMessage before = first; before.Next is not null; before = before.Next)
        {
            if (ReferenceEquals(before.Next, pending))
            {
                before.Next = pending.Next;
                return;
            }
        }
    }
}
