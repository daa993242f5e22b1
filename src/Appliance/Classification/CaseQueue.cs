using Blackwall.Pipeline.Model;

namespace Blackwall.Classification;

/// <summary>Sources that wait to be asked about, each once. Bounded: the one that waits longest makes room, and is counted. Thread-safe.</summary>
internal sealed class CaseQueue
{
    public const int Capacity = 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<Address> _waiting = new();
    private readonly HashSet<Address> _known = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _dropped;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Sources that made room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(Address source)
    {
        lock (_lock)
        {
            if (!_known.Add(source))
            {
                return;
            }

            _waiting.AddLast(source);
            if (_waiting.Count > Capacity)
            {
                _known.Remove(_waiting.First!.Value);
                _waiting.RemoveFirst();
                Interlocked.Increment(ref _dropped);
            }

            _arrived.TrySetResult();
        }
    }

    public bool TryTake(out Address source)
    {
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                source = default;
                return false;
            }

            source = first.Value;
            _waiting.RemoveFirst();
            _known.Remove(source);
            return true;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _waiting.Clear();
            _known.Clear();
        }
    }

    /// <summary>Waits until something is there.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
            {
                return Task.CompletedTask;
            }

            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrived.Task.WaitAsync(cancellation);
        }
    }
}
