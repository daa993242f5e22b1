using System.Buffers.Binary;
using System.Text;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>Feeds one peer's RPCs to the router, under the router's lock. What needs a signature verified is set aside for after it.</summary>
internal sealed class RpcIntake(GossipRouter router, GossipOptions options, TopicBook topics, AuthorCache authors) : IRpcVisitor
{
    private GossipPeer _peer = null!;
    private long _now;
    private bool _accepted;

    /// <summary>Messages whose signature is to be verified, with their author.</summary>
    public List<(PendingMessage Pending, Author Author)> ToVerify { get; } = [];

    /// <summary>Peers that were offered, with their signed records.</summary>
    public List<(PeerId Peer, byte[] Record)> Offers { get; } = [];

    /// <summary>Takes in one RPC; says what is wrong with it as a whole.</summary>
    public RpcFault Process(GossipPeer peer, ReadOnlySpan<byte> rpc, long now)
    {
        _peer = peer;
        _now = now;
        _accepted = router.Accepts(peer);
        RpcFault fault = RpcParser.Check(rpc, options.Rpc);
        if (fault is not RpcFault.None)
        {
            router.Misbehaved(peer);
            return fault;
        }

        RpcParser.Visit(rpc, this);
        return RpcFault.None;
    }

    // Who takes part in what is noted of everybody, or it would be wrong once the score has recovered.
    public void Subscription(ReadOnlySpan<byte> topic, bool subscribe)
    {
        Span<char> text = stackalloc char[512];
        if (topic.Length <= text.Length && Encoding.UTF8.TryGetChars(topic, text, out int length))
        {
            router.Subscription(_peer, text[..length], subscribe);
        }
    }

    public void Message(in MessageView message)
    {
        if (!_accepted)
        {
            return;
        }

        if (message.Canonical)
        {
            TakeMessage(in message);
        }
        else if (MessageView.TryRead(message.ToCanonical(), out MessageView canonical))
        {
            TakeMessage(in canonical);
        }
    }

    public void IHave(ReadOnlySpan<byte> topic, IdSequence ids)
    {
        if (_accepted)
        {
            router.IHave(_peer, router.FindTopic(topic), ids, _now);
        }
    }

    public void IWant(IdSequence ids)
    {
        if (_accepted)
        {
            router.IWant(_peer, ids);
        }
    }

    public void Graft(ReadOnlySpan<byte> topic)
    {
        if (_accepted)
        {
            router.Graft(_peer, router.FindTopic(topic), _now);
        }
    }

    public void Prune(ReadOnlySpan<byte> topic, ulong backoff, PeerOffers peers)
    {
        if (!_accepted)
        {
            return;
        }

        router.Prune(_peer, router.FindTopic(topic), backoff, _now);
        if (!router.TakesPeersFrom(_peer))
        {
            return;
        }

        // An offer without a signed record proves nothing.
        while (Offers.Count < options.PrunePeers && peers.MoveNext())
        {
            if (peers.Record.Length > 0 && PeerId.TryDecode(peers.Id, out PeerId? id))
            {
                Offers.Add((id, peers.Record.ToArray()));
            }
        }
    }

    public void IDontWant(IdSequence ids)
    {
        if (_accepted)
        {
            router.IDontWant(_peer, ids, _now);
        }
    }

    private void TakeMessage(in MessageView message)
    {
        GossipTopic? topic = router.FindTopic(message.Topic);
        if (topic is not { Joined: true })
        {
            router.Inspect(_peer, topic, default, default, _now);
            return;
        }

        // Size and policy fields come first: they cost nothing.
        if (message.Data.Length > options.MaxMessage || !MessageSignature.FollowsPolicy(in message) || !topics.TryId(topic, in message, _peer.Id, out MessageId id))
        {
            router.Reject(_peer, topic);
            return;
        }

        if (router.Inspect(_peer, topic, in id, message.Raw, _now) is not MessageStep.Verify)
        {
            return;
        }

        if (authors.Find(in message) is not { } author)
        {
            router.Reject(_peer, topic);
            return;
        }

        ulong number = BinaryPrimitives.ReadUInt64BigEndian(message.Seqno);
        if (router.IsReplay(author.Id, number))
        {
            return;
        }

        byte[] raw = message.Raw.ToArray();
        if (!message.Raw.Overlaps(message.Data, out int offset))
        {
            offset = 0;
        }

        var pending = new GossipMessage(id, topic.Name, author.Id, number, raw, raw.AsMemory(offset, message.Data.Length));
        ToVerify.Add((router.Begin(_peer, pending), author));
    }
}
