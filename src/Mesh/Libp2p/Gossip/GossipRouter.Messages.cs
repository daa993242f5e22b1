using System.Runtime.InteropServices;
using Blackwall.Mesh.Libp2p.Gossip.Cache;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <content>
/// The way of a message: <see cref="Inspect"/>, then <see cref="Begin"/>, outside of the router the signature, then
/// <see cref="SignatureHeld"/> or <see cref="SignatureFailed"/>, the application's validator, and <see cref="Complete"/>.
/// An id is seen only once a signature held: a forged copy could keep the true message out otherwise.
/// </content>
public sealed partial class GossipRouter
{
    private readonly Dictionary<MessageId, PendingMessage> _pending = [];

    /// <summary>Messages that are being verified.</summary>
    public int Pending => _pending.Count;

    /// <summary>Says whether a message is to be verified. Allocates nothing.</summary>
    /// <param name="raw">The message's bytes as they came in.</param>
    public MessageStep Inspect(GossipPeer peer, GossipTopic? topic, in MessageId id, ReadOnlySpan<byte> raw, long now)
    {
        if (topic is not { Joined: true })
        {
            Counters.Unwanted++;
            return MessageStep.Unwanted;
        }

        if (_seen.TryGet(in id, out SeenMessage seen))
        {
            Counters.Duplicates++;
            CountDuplicate(peer, topic, in seen, now);
            return MessageStep.Duplicate;
        }

        ref PendingMessage first = ref CollectionsMarshal.GetValueRefOrNullRef(_pending, id);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref first))
        {
            for (PendingMessage? pending = first; pending is not null; pending = pending.Next)
            {
                if (pending.Message.Raw.Span.SequenceEqual(raw))
                {
                    Counters.Duplicates++;
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

    /// <summary>
    /// The author has used this number, or a later one, in a message that is no longer known as seen. True: the message is ignored, and nobody is to
    /// blame, for it may have been long under way. Asked before the signature is verified, so that a replay costs none.
    /// </summary>
    public bool IsReplay(PeerId author, ulong number)
    {
        bool over = _numbers.IsOver(author, number);
        Counters.Replayed += over ? 1 : 0;
        return over;
    }

    /// <summary>A message is about to be verified; every one that begins must be completed or failed.</summary>
    public PendingMessage Begin(GossipPeer peer, GossipMessage message)
    {
        var pending = new PendingMessage(peer, message);
        ref PendingMessage? first = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, message.Id, out _);
        pending.Next = first;
        first = pending;
        return pending;
    }

    /// <summary>A message cannot be right by its size or its fields alone: its sender is to blame, and no id is seen by that.</summary>
    public void Reject(GossipPeer peer, GossipTopic topic)
    {
        Counters.Rejected++;
        Blame(peer, topic);
    }

    /// <summary>It will not be verified after all; nobody is to blame.</summary>
    public void Abandon(PendingMessage pending) => EndPending(pending);

    /// <summary>The signature is wrong. The id is not seen by that.</summary>
    public void SignatureFailed(PendingMessage pending)
    {
        EndPending(pending);
        Counters.Rejected++;
        Blame(pending);
    }

    /// <summary>The signature holds: from now on other copies are duplicates, and mesh peers need not send theirs. False: one with this id was here meanwhile, or it is a replay.</summary>
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
            Counters.Duplicates++;
            return false;
        }

        if (message.Data.Length >= _options.IDontWantThreshold && _topics.TryGetValue(message.Topic, out GossipTopic? topic))
        {
            foreach (TopicPeer entry in topic.Mesh)
            {
                if (entry.Peer.Version >= GossipVersion.V12 && !ReferenceEquals(entry.Peer, pending.Via))
                {
                    _output.IDontWant(entry.Peer, message.Id);
                }
            }
        }

        return true;
    }

    /// <summary>What the application said of a message whose signature held.</summary>
    public void Complete(PendingMessage pending, Validation validation, long now)
    {
        EndPending(pending);
        GossipMessage message = pending.Message;
        switch (validation)
        {
            case Validation.Reject:
                Counters.Rejected++;
                _seen.Set(message.Id, invalid: true, deliveries: null);
                Blame(pending);
                return;
            case Validation.Ignore:
                Counters.Ignored++;
                return;
        }

        Counters.Accepted++;
        if (!_topics.TryGetValue(message.Topic, out GossipTopic? topic) || !topic.Joined)
        {
            return;
        }

        Credit(pending, topic, now);
        _output.Deliver(pending.Via, message);
        Counters.HistoryEvicted += _history.Add(message);
        Forward(topic, pending, message);
    }

    /// <summary>Sends a message of our own. Returns false if its id was here before.</summary>
    public bool Publish(GossipMessage message, long now)
    {
        GossipTopic topic = Know(message.Topic);
        if (!MarkSeen(in message, now))
        {
            return false;
        }

        topic.LastPublish = now;
        Counters.HistoryEvicted += _history.Add(message);
        if (_options.FloodPublish)
        {
            foreach (TopicPeer entry in topic.Peers)
            {
                if (entry.Peer.Explicit || _scores.Score(entry.Record) >= _options.Scores.PublishThreshold)
                {
                    _output.Send(entry.Peer, message);
                }
            }

            return true;
        }

        if (!topic.Joined)
        {
            FillFanout(topic);
        }

        foreach (TopicPeer entry in topic.Peers)
        {
            if (entry.InMesh || entry.InFanout || entry.Peer.Explicit)
            {
                _output.Send(entry.Peer, message);
            }
        }

        // A mesh that is still to be built must not lose what is published meanwhile.
        if (topic.Joined && topic.Mesh.Count == 0)
        {
            foreach (TopicPeer entry in Choose(topic, _options.Degree, e => !e.Peer.Explicit && _scores.Score(e.Record) >= _options.Scores.PublishThreshold))
            {
                _output.Send(entry.Peer, message);
            }
        }

        return true;
    }

    private bool MarkSeen(in GossipMessage message, long now)
    {
        if (!_seen.Add(in message, now, out bool evicted))
        {
            return false;
        }

        Counters.SeenEvicted += evicted ? 1 : 0;
        _promises.Kept(message.Id);
        return true;
    }

    private void Forward(GossipTopic topic, PendingMessage pending, GossipMessage message)
    {
        List<GossipPeer>? unwanted = _unwanted.Find(message.Id);
        foreach (TopicPeer entry in topic.Mesh)
        {
            ForwardTo(entry.Peer, pending, message, unwanted);
        }

        if (_explicit.Count > 0)
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
            _output.Send(peer, message);
        }
        else
        {
            Counters.SpareCopies++;
        }
    }

    private void Credit(PendingMessage pending, GossipTopic topic, long now)
    {
        if (pending.Via.Record.In(topic) is { } first)
        {
            first.Stats.First(topic.Parameters);
            _scores.Touch(first.Record);
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

        foreach (GossipPeer peer in _unwanted.Find(pending.Message.Id) ?? [])
        {
            if (peer.Record.In(topic) is { InMesh: true } entry && deliveries.Credit(peer))
            {
                Deliver(entry);
            }
        }

        _seen.Set(pending.Message.Id, invalid: false, deliveries);
    }

    // A mesh peer that says it has the message is as good as one whose copy came: where IDONTWANT spares the copies, nobody would
    // reach the threshold of deliveries otherwise, and honest peers that are always a little later would be punished.
    private void CreditPossession(GossipPeer peer, in MessageId id, long now)
    {
        if (!_seen.TryGet(in id, out SeenMessage seen) || seen.Deliveries is not { } deliveries)
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
        _scores.Touch(entry.Record);
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
        if (!_topics.TryGetValue(pending.Message.Topic, out GossipTopic? topic))
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
        _scores.Touch(peer.Record);
    }

    private void EndPending(PendingMessage pending)
    {
        ref PendingMessage first = ref CollectionsMarshal.GetValueRefOrNullRef(_pending, pending.Message.Id);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref first))
        {
            return;
        }

        if (ReferenceEquals(first, pending))
        {
            if (pending.Next is null)
            {
                _pending.Remove(pending.Message.Id);
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
