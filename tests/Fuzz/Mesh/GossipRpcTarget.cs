using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Fuzz.Mesh;

/// <summary>RPCs of gossipsub, through the parser and into a router whose state must stay bounded.</summary>
internal sealed class GossipRpcTarget : IFuzzTarget, IGossipOutput
{
    private const int HeartbeatEvery = 5_000;

    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly PeerId Id = PeerId.From(Key.Public);

    private readonly GossipOptions _options = new();
    private readonly GossipRouter _router;
    private readonly RpcIntake _intake;
    private readonly RpcLimits _limits = new();
    private GossipPeer? _peer;
    private long _runs;

    public GossipRpcTarget()
    {
        _router = new GossipRouter(_options, this, new Random(1));
        _router.Join("t");
        _intake = new RpcIntake(_router, _options, new TopicBook(MessageIdFunction.Spec), new AuthorCache());
        MessageId.TryCreate([1, 2, 3], out MessageId id);
        byte[] message = MessageSignature.Sign(Key, Id, 7, "t", [1, 2, 3]);
        Seeds =
        [
            Rpc(new RpcItem(RpcItemKind.Message, Body: message)),
            Rpc(new RpcItem(RpcItemKind.Subscribe, "t"u8.ToArray()), new RpcItem(RpcItemKind.Graft, "t"u8.ToArray()), new RpcItem(RpcItemKind.Unsubscribe, "u"u8.ToArray())),
            Rpc(new RpcItem(RpcItemKind.IHave, "t"u8.ToArray(), Ids: new[] { id, id }), new RpcItem(RpcItemKind.IWant, Ids: new[] { id }), new RpcItem(RpcItemKind.IDontWant, Ids: new[] { id })),
            Rpc(new RpcItem(RpcItemKind.Prune, "t"u8.ToArray(), Backoff: ulong.MaxValue, Peers: [new byte[] { 0x0a, 1, 1, 0x12, 1, 1 }])),
            [],
        ];
    }

    public string Name => "mesh-gossip";

    public IReadOnlyList<byte[]> Seeds { get; }

    public string? Run(ReadOnlySpan<byte> input)
    {
        _runs++;
        if (_peer is null || _runs % HeartbeatEvery == 0)
        {
            _router.Heartbeat(_runs);
            if (_peer is not null)
            {
                _router.RemovePeer(_peer, _runs);
            }

            _peer = _router.AddPeer(Id, GossipVersion.V12, outbound: false, null, null);
        }

        RpcFault fault = RpcParser.Check(input, _limits);
        if (_intake.Process(_peer, input, _runs) != fault)
        {
            return "the parser and the intake do not agree";
        }

        foreach ((PendingMessage pending, Author author) in _intake.ToVerify)
        {
            if (!MessageView.TryRead(pending.Message.Raw.Span, out MessageView view) || !view.Canonical || author.Id != pending.Message.From)
            {
                return "a message went on that is not canonical, or not its author's";
            }

            _router.SignatureFailed(pending);
        }

        _intake.ToVerify.Clear();
        return _router.Pending > 0 ? "a message was forgotten in verification"
            : MessageView.TryRead(input, out MessageView message) && message.ToCanonical() is var canonical
                && !(MessageView.TryRead(canonical, out MessageView again) && again.Canonical && again.ToCanonical().AsSpan().SequenceEqual(canonical)) ? "a message in its order is not in its order"
            : null;
    }

    public void Send(GossipPeer peer, GossipMessage message)
    {
    }

    public void Subscription(GossipPeer peer, string topic, bool subscribe)
    {
    }

    public void IHave(GossipPeer peer, string topic, ReadOnlyMemory<MessageId> ids)
    {
    }

    public void IWant(GossipPeer peer, ReadOnlyMemory<MessageId> ids)
    {
    }

    public void IDontWant(GossipPeer peer, MessageId id)
    {
    }

    public void Graft(GossipPeer peer, string topic)
    {
    }

    public void Prune(GossipPeer peer, string topic, TimeSpan backoff, IReadOnlyList<PeerId> offered)
    {
    }

    public void Deliver(GossipPeer via, GossipMessage message)
    {
    }

    public void Subscribed(GossipPeer peer, string topic, bool subscribed)
    {
    }

    public void Grafted(GossipPeer peer, string topic)
    {
    }

    public void Pruned(GossipPeer peer, string topic, PruneReason reason)
    {
    }

    private static byte[] Rpc(params RpcItem[] items)
    {
        byte[] framed = new byte[RpcWriter.Size(items)];
        RpcWriter.Write(items, framed);
        return framed[(framed[0] < 0x80 ? 1 : 2)..];
    }
}
