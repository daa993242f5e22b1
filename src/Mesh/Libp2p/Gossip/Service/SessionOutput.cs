using System.Text;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>Puts what the router wants done into queues. Called under the router's lock, so it does nothing else.</summary>
internal sealed class SessionOutput(Action<GossipEvent> raise, Func<PeerId, ReadOnlyMemory<byte>?> recordOf) : IGossipOutput
{
    // About 50 KiB of ids: an RPC stays below what all implementations take.
    private const int IdsPerItem = 1000;

    private const int PeerIdField = 1;
    private const int PeerRecordField = 2;

    private readonly Dictionary<string, byte[]> _names = new(StringComparer.Ordinal);

    /// <summary>Messages accepted since it was last emptied.</summary>
    public List<(GossipPeer Via, GossipMessage Message)> Deliveries { get; } = [];

    /// <summary>Peers whose queue had no room for control: they do not read, and would act on a state that is not ours.</summary>
    public List<PeerSession> Stuck { get; } = [];

    public void Send(GossipPeer peer, GossipMessage message) => Session(peer).Queue.Add(new RpcItem(RpcItemKind.Message, Body: message.Raw));

    public void Subscription(GossipPeer peer, string topic, bool subscribe) =>
        Control(peer, new RpcItem(subscribe ? RpcItemKind.Subscribe : RpcItemKind.Unsubscribe, Name(topic)));

    public void IHave(GossipPeer peer, string topic, ReadOnlyMemory<MessageId> ids)
    {
        for (int from = 0; from < ids.Length; from += IdsPerItem)
        {
            Session(peer).Queue.Add(new RpcItem(RpcItemKind.IHave, Name(topic), Ids: ids.Slice(from, Math.Min(IdsPerItem, ids.Length - from))));
        }
    }

    public void IWant(GossipPeer peer, ReadOnlyMemory<MessageId> ids)
    {
        for (int from = 0; from < ids.Length; from += IdsPerItem)
        {
            Session(peer).Queue.Add(new RpcItem(RpcItemKind.IWant, Ids: ids.Slice(from, Math.Min(IdsPerItem, ids.Length - from))));
        }
    }

    public void IDontWant(GossipPeer peer, MessageId id) => Session(peer).Queue.Add(new RpcItem(RpcItemKind.IDontWant, Ids: new[] { id }));

    public void Graft(GossipPeer peer, string topic) => Control(peer, new RpcItem(RpcItemKind.Graft, Name(topic)));

    public void Prune(GossipPeer peer, string topic, TimeSpan backoff, IReadOnlyList<PeerId> offered)
    {
        // Version 1.0 knows neither backoff nor offers.
        bool plain = peer.Version is GossipVersion.V10;
        Control(peer, new RpcItem(
            RpcItemKind.Prune,
            Name(topic),
            Backoff: plain ? 0 : (ulong)Math.Ceiling(backoff.TotalSeconds),
            Peers: plain || offered.Count == 0 ? null : [.. offered.Select(Offer)]));
    }

    public void Deliver(GossipPeer via, GossipMessage message) => Deliveries.Add((via, message));

    public void Subscribed(GossipPeer peer, string topic, bool subscribed) =>
        raise(new GossipEvent(subscribed ? GossipEventKind.Subscribed : GossipEventKind.Unsubscribed, peer.Id, topic));

    public void Grafted(GossipPeer peer, string topic) => raise(new GossipEvent(GossipEventKind.Grafted, peer.Id, topic));

    public void Pruned(GossipPeer peer, string topic, PruneReason reason) => raise(new GossipEvent(GossipEventKind.Pruned, peer.Id, topic, reason));

    private static PeerSession Session(GossipPeer peer) => (PeerSession)peer.Tag!;

    private void Control(GossipPeer peer, in RpcItem item)
    {
        if (!Session(peer).Queue.Add(in item) && peer.Connected)
        {
            Stuck.Add(Session(peer));
        }
    }

    // Names of our own topics, which are bounded.
    private byte[] Name(string topic)
    {
        if (!_names.TryGetValue(topic, out byte[]? name))
        {
            if (_names.Count > 1024)
            {
                _names.Clear();
            }

            name = Encoding.UTF8.GetBytes(topic);
            _names.Add(topic, name);
        }

        return name;
    }

    private ReadOnlyMemory<byte> Offer(PeerId peer)
    {
        ReadOnlyMemory<byte> record = recordOf(peer) ?? default;
        byte[] bytes = new byte[ProtoWriter.BytesSize(peer.Bytes.Length) + (record.Length > 0 ? ProtoWriter.BytesSize(record.Length) : 0)];
        var writer = new ProtoWriter(bytes);
        writer.Bytes(PeerIdField, peer.Bytes);
        if (record.Length > 0)
        {
            writer.Bytes(PeerRecordField, record.Span);
        }

        return bytes;
    }
}
