using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>The messages of the last heartbeats: those of the newest are told of, all can be asked for.</summary>
internal sealed class MessageCache(int windows, int gossipWindows, int capacityBytes)
{
    private readonly Dictionary<MessageId, CachedMessage> _messages = [];

    // The first is the window of now.
    private readonly LinkedList<Queue<CachedMessage>> _windows = new(Enumerable.Range(0, windows).Select(_ => new Queue<CachedMessage>()));

    private long _bytes;

    public int Count => _messages.Count;

    /// <summary>Keeps a message. Returns how many older ones had to go before their time.</summary>
    public int Add(GossipMessage message)
    {
        var cached = new CachedMessage(message);
        if (!_messages.TryAdd(message.Id, cached))
        {
            return 0;
        }

        _windows.First!.Value.Enqueue(cached);
        _bytes += message.Raw.Length;
        int evicted = 0;
        while (_bytes > capacityBytes && _messages.Count > 1)
        {
            Queue<CachedMessage> oldest = _windows.Last(window => window.Count > 0);
            Remove(oldest.Dequeue());
            evicted++;
        }

        return evicted;
    }

    public CachedMessage? Find(in MessageId id) => _messages.GetValueOrDefault(id);

    /// <summary>The ids of a topic that are to be told of.</summary>
    public void GossipIds(string topic, List<MessageId> ids)
    {
        ids.Clear();
        LinkedListNode<Queue<CachedMessage>>? window = _windows.First;
        for (int i = 0; i < gossipWindows && window is not null; i++, window = window.Next)
        {
            foreach (CachedMessage cached in window.Value)
            {
                if (string.Equals(cached.Message.Topic, topic, StringComparison.Ordinal))
                {
                    ids.Add(cached.Message.Id);
                }
            }
        }
    }

    /// <summary>A heartbeat: the oldest window is dropped.</summary>
    public void Shift()
    {
        LinkedListNode<Queue<CachedMessage>> last = _windows.Last!;
        foreach (CachedMessage cached in last.Value)
        {
            Remove(cached);
        }

        last.Value.Clear();
        _windows.RemoveLast();
        _windows.AddFirst(last);
    }

    private void Remove(CachedMessage cached)
    {
        _messages.Remove(cached.Message.Id);
        _bytes -= cached.Message.Raw.Length;
    }
}
