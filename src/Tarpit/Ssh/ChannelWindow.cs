namespace Blackwall.Tarpit.Ssh;

/// <summary>How many bytes the peer still accepts on a channel (RFC 4254 §5.2). Thread-safe.</summary>
internal sealed class ChannelWindow(uint size)
{
    private readonly Lock _lock = new();
    private long _size = size;
    private TaskCompletionSource? _widened;

    public void Widen(uint more)
    {
        lock (_lock)
        {
            _size = Math.Min(_size + more, uint.MaxValue);
            _widened?.TrySetResult();
            _widened = null;
        }
    }

    /// <summary>Reserves as much as there is, up to what is wanted; waits while there is nothing.</summary>
    public async ValueTask<int> ReserveAsync(int wanted, CancellationToken cancellation)
    {
        while (true)
        {
            Task widened;
            lock (_lock)
            {
                if (_size > 0)
                {
                    int reserved = (int)Math.Min(_size, wanted);
                    _size -= reserved;
                    return reserved;
                }

                _widened ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                widened = _widened.Task;
            }

            await widened.WaitAsync(cancellation);
        }
    }
}
