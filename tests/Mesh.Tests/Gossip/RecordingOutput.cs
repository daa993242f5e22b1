using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>Writes down what a router wants done.</summary>
internal sealed class RecordingOutput : IGossipOutput
{
    public List<(GossipPeer Peer, MessageId Id)> Sent { get; } = [];

    public List<(GossipPeer Peer, string Topic, MessageId[] Ids)> IHaves { get; } = [];

    public List<(GossipPeer Peer, MessageId[] Ids)> IWants { get; } = [];

    public List<(GossipPeer Peer, MessageId Id)> IDontWants { get; } = [];

    public List<(GossipPeer Peer, string Topic)> Grafts { get; } = [];

    public List<(GossipPeer Peer, string Topic, TimeSpan Backoff, IReadOnlyList<PeerId> Offered)> Prunes { get; } = [];

    public List<(GossipPeer Peer, string Topic, bool Subscribe)> Subscriptions { get; } = [];

    public List<MessageId> Delivered { get; } = [];

    public List<(GossipPeer Peer, string Topic, bool InMesh, PruneReason? Reason)> MeshChanges { get; } = [];

    public List<(GossipPeer Peer, string Topic, bool Subscribed)> PeerSubscriptions { get; } = [];

    public void Clear()
    {
        Sent.Clear();
        IHaves.Clear();
        IWants.Clear();
        IDontWants.Clear();
        Grafts.Clear();
        Prunes.Clear();
        Subscriptions.Clear();
        Delivered.Clear();
        MeshChanges.Clear();
        PeerSubscriptions.Clear();
    }

    public void Send(GossipPeer peer, GossipMessage message) => Sent.Add((peer, message.Id));

    public void Subscription(GossipPeer peer, string topic, bool subscribe) => Subscriptions.Add((peer, topic, subscribe));

    public void IHave(GossipPeer peer, string topic, ReadOnlyMemory<MessageId> ids) => IHaves.Add((peer, topic, ids.ToArray()));

    public void IWant(GossipPeer peer, ReadOnlyMemory<MessageId> ids) => IWants.Add((peer, ids.ToArray()));

    public void IDontWant(GossipPeer peer, MessageId id) => IDontWants.Add((peer, id));

    public void Graft(GossipPeer peer, string topic) => Grafts.Add((peer, topic));

    public void Prune(GossipPeer peer, string topic, TimeSpan backoff, IReadOnlyList<PeerId> offered) => Prunes.Add((peer, topic, backoff, offered));

    public void Deliver(GossipPeer via, GossipMessage message) => Delivered.Add(message.Id);

    public void Subscribed(GossipPeer peer, string topic, bool subscribed) => PeerSubscriptions.Add((peer, topic, subscribed));

    public void Grafted(GossipPeer peer, string topic) => MeshChanges.Add((peer, topic, true, null));

    public void Pruned(GossipPeer peer, string topic, PruneReason reason) => MeshChanges.Add((peer, topic, false, reason));
}
