using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>What waits to be sent to one peer, bounded in bytes; one reader, any writers. Messages give way to control, which is small.</summary>
internal sealed class SendQueue(int capacityBytes) : IDisposable
{
    /// <summary>RPCs are kept below the 64 KiB that rust-libp2p takes, unless one message alone is larger.</summary>
    private const int RpcBytes = 60 * 1024;

    // What an item costs beside its bytes.
    private const int ItemBytes = 64;

    private readonly Lock _gate = new();
    private readonly Queue<RpcItem> _control = [];
    private readonly Queue<RpcItem> _messages = [];
    private readonly List<RpcItem> _batch = [];
    private readonly SemaphoreSlim _some = new(0, 1);
    private long _bytes;
    private bool _closed;

    /// <summary>Items that were dropped because the peer takes too little.</summary>
    public long Dropped { get; private set; }

    /// <summary>False: no room, the item is dropped and counted.</summary>
    public bool Add(in RpcItem item)
    {
        bool wake;
        lock (_gate)
        {
            // A quarter is for control alone, so that messages that pile up cannot push it out.
            int cost = item.Size + ItemBytes;
            long limit = item.Kind is RpcItemKind.Message ? capacityBytes - (capacityBytes / 4) : capacityBytes;
            if (_closed || _bytes + cost > limit)
            {
                Dropped++;
                return false;
            }

            _bytes += cost;
            wake = _control.Count + _messages.Count == 0;
            (item.Kind is RpcItemKind.Message ? _messages : _control).Enqueue(item);
        }

        if (wake)
        {
            Wake();
        }

        return true;
    }

    /// <summary>Waits until there is something to send.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _some.WaitAsync(cancellation);

    /// <summary>Takes what fits into one RPC; the span is valid until the next call. Empty: nothing waits.</summary>
    public ReadOnlySpan<RpcItem> Take()
    {
        lock (_gate)
        {
            _batch.Clear();
            int size = 0;
            Take(_control, ref size);
            Take(_messages, ref size);
        }

        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_batch);
    }

    /// <summary>Drops what waits and takes no more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Dropped += _control.Count + _messages.Count;
            _control.Clear();
            _messages.Clear();
            _bytes = 0;
        }
    }

    public void Dispose() => _some.Dispose();

    private void Take(Queue<RpcItem> queue, ref int size)
    {
        while (queue.TryPeek(out RpcItem item))
        {
            int cost = item.Size;
            if (_batch.Count > 0 && size + cost > RpcBytes)
            {
                return;
            }

            size += cost;
            _bytes -= cost + ItemBytes;
            _batch.Add(queue.Dequeue());
        }
    }

    private void Wake()
    {
        lock (_some)
        {
            if (_some.CurrentCount == 0)
            {
                _some.Release();
            }
        }
    }
}
