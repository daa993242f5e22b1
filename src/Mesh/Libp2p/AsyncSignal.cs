using System.Threading.Tasks.Sources;

namespace Blackwall.Mesh.Libp2p;

/// <summary>Wakes one waiter; set without one, the next does not wait. No allocation a wait.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private readonly Lock _sync = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private bool _set;
    private bool _waiting;

    public ValueTask WaitAsync(CancellationToken cancellation)
    {
        short version;
        lock (_sync)
        {
            if (_set)
            {
                _set = false;
                return ValueTask.CompletedTask;
            }

            if (_waiting)
            {
                throw new InvalidOperationException("Two wait at once where one may.");
            }

            _core.Reset();
            _waiting = true;
            version = _core.Version;
        }

        // Disposed in GetResult, which waits for a cancellation that is under way: it never meets the next wait.
        _registration = cancellation.UnsafeRegister(static (state, token) => ((AsyncSignal)state!).Cancel(token), this);
        return new ValueTask(this, version);
    }

    public void Set()
    {
        lock (_sync)
        {
            if (!_waiting)
            {
                _set = true;
                return;
            }

            _waiting = false;
        }

        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellation)
    {
        lock (_sync)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _core.SetException(new OperationCanceledException(cancellation));
    }
}
