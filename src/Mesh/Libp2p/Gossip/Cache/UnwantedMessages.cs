using System.Runtime.InteropServices;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>Which peers said that they have which messages already (IDONTWANT). How many a peer may say is bounded by the caller, by heartbeat.</summary>
internal sealed class UnwantedMessages(int windows)
{
    private readonly Dictionary<MessageId, List<GossipPeer>> _peers = [];
    private readonly Queue<(MessageId Id, int Until)> _order = [];

    public void Add(GossipPeer peer, in MessageId id, int tick)
    {
        ref List<GossipPeer>? peers = ref CollectionsMarshal.GetValueRefOrAddDefault(_peers, id, out _);
        if (peers is null)
        {
            peers = [];
            _order.Enqueue((id, tick + windows));
        }

        if (!peers.Contains(peer))
        {
            peers.Add(peer);
        }
    }

    /// <summary>Null: nobody said so.</summary>
    public List<GossipPeer>? Find(in MessageId id) => _peers.Count == 0 ? null : _peers.GetValueOrDefault(id);

    public void Expire(int tick)
    {
        while (_order.TryPeek(out (MessageId Id, int Until) oldest) && oldest.Until <= tick)
        {
            _peers.Remove(_order.Dequeue().Id);
        }
    }
}
