using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>What the router wants done. It is called inside the router's own calls and must neither block nor call back into it.</summary>
public interface IGossipOutput
{
    /// <summary>Send a message, published or forwarded.</summary>
    void Send(GossipPeer peer, GossipMessage message);

    void Subscription(GossipPeer peer, string topic, bool subscribe);

    void IHave(GossipPeer peer, string topic, ReadOnlyMemory<MessageId> ids);

    void IWant(GossipPeer peer, ReadOnlyMemory<MessageId> ids);

    void IDontWant(GossipPeer peer, MessageId id);

    void Graft(GossipPeer peer, string topic);

    /// <param name="backoff">For how long the peer is not to graft again.</param>
    /// <param name="offered">Peers of the topic that may be told of; empty unless peer exchange is on.</param>
    void Prune(GossipPeer peer, string topic, TimeSpan backoff, IReadOnlyList<PeerId> offered);

    /// <summary>A message of others was accepted in a topic that we take part in.</summary>
    void Deliver(GossipPeer via, GossipMessage message);

    /// <summary>A peer told that it takes part in a topic, or no longer does.</summary>
    void Subscribed(GossipPeer peer, string topic, bool subscribed);

    void Grafted(GossipPeer peer, string topic);

    void Pruned(GossipPeer peer, string topic, PruneReason reason);
}
