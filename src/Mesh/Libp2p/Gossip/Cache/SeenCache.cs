using System.Runtime.InteropServices;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>Ids of messages whose signature held, for a time and up to a number. Looking one up allocates nothing. Each that goes is told of.</summary>
internal sealed class SeenCache(TimeSpan time, int capacity, Action<SeenMessage> forgotten)
{
    private readonly Dictionary<MessageId, SeenMessage> _seen = [];
    private readonly Queue<MessageId> _order = [];
    private readonly long _time = (long)time.TotalMilliseconds;

    public int Count => _seen.Count;

    public bool Contains(in MessageId id) => _seen.ContainsKey(id);

    public bool TryGet(in MessageId id, out SeenMessage seen) => _seen.TryGetValue(id, out seen);

    /// <summary>False if it is there. <paramref name="evicted"/>: an older one had to go before its time.</summary>
    public bool Add(in GossipMessage message, long now, out bool evicted)
    {
        evicted = false;
        ref SeenMessage seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, message.Id, out bool exists);
        if (exists)
        {
            return false;
        }

        seen.Expires = now + _time;
        seen.Author = message.From;
        seen.Number = message.Seqno;
        _order.Enqueue(message.Id);
        if (_seen.Count > capacity)
        {
            Remove(_order.Dequeue());
            evicted = true;
        }

        return true;
    }

    public void Set(in MessageId id, bool invalid, DeliveryRecord? deliveries)
    {
        ref SeenMessage seen = ref CollectionsMarshal.GetValueRefOrNullRef(_seen, id);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref seen))
        {
            seen.Invalid = invalid;
            seen.Deliveries = deliveries;
        }
    }

    public void Expire(long now)
    {
        while (_order.TryPeek(out MessageId oldest) && _seen[oldest].Expires <= now)
        {
            Remove(_order.Dequeue());
        }
    }

    private void Remove(in MessageId id)
    {
        if (_seen.Remove(id, out SeenMessage seen))
        {
            forgotten(seen);
        }
    }
}
