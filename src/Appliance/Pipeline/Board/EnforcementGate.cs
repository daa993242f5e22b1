namespace Blackwall.Pipeline.Board;

/// <summary>Lets callers wait until the wall acts on a version of the board. Thread-safe.</summary>
internal sealed class EnforcementGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Version, TaskCompletionSource Done)> _waiters = new();

    public long Enforced { get; private set; }

    public void Mark(long version)
    {
        List<TaskCompletionSource> done = [];
        lock (_lock)
        {
            if (version <= Enforced)
            {
                return;
            }

            Enforced = version;
            for (LinkedListNode<(long Version, TaskCompletionSource Done)>? node = _waiters.First; node is not null;)
            {
                LinkedListNode<(long Version, TaskCompletionSource Done)>? next = node.Next;
                if (node.Value.Version <= version)
                {
                    done.Add(node.Value.Done);
                    _waiters.Remove(node);
                }

                node = next;
            }
        }

        foreach (TaskCompletionSource waiter in done)
        {
            waiter.TrySetResult();
        }
    }

    public async Task WhenAsync(long version, CancellationToken cancellation)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(long, TaskCompletionSource)> node;
        lock (_lock)
        {
            if (version <= Enforced)
            {
                return;
            }

            node = _waiters.AddLast((version, done));
        }

        try
        {
            await done.Task.WaitAsync(cancellation);
        }
        finally
        {
            lock (_lock)
            {
                // Already gone when Mark took it.
                if (node.List is not null)
                {
                    _waiters.Remove(node);
                }
            }
        }
    }
}
