using System.Runtime.CompilerServices;

namespace Blackwall.Tarpit.Improvisation;

/// <summary>
/// Lines that one program prints, as they become known. All who run the same command read the same one; what was once shown does not change. Thread-safe.
/// </summary>
internal sealed class ImprovisedAnswer
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    /// <summary>Completes when it is known whether there are lines at all: false, the program is answered for without them.</summary>
    public Task<bool> IsUsable => _usable.Task;

    private readonly TaskCompletionSource<bool> _usable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds a line that passed the guard.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            Signal();
        }

        _usable.TrySetResult(true);
    }

    /// <summary>No more lines come.</summary>
    /// <param name="isUsable">Whether an answer without any line is one too.</param>
    public void End(bool isUsable)
    {
        lock (_lock)
        {
            _isOver = true;
            Signal();
        }

        _usable.TrySetResult(isUsable);
    }

    /// <summary>The lines, from the first.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int at = 0; ; at++)
        {
            string? line = null;
            while (line is null)
            {
                Task changed;
                lock (_lock)
                {
                    if (at < _lines.Count)
                    {
                        line = _lines[at];
                        break;
                    }

                    if (_isOver)
                    {
                        yield break;
                    }

                    changed = _changed.Task;
                }

                await changed.WaitAsync(cancellation);
            }

            yield return line;
        }
    }

    private void Signal()
    {
        TaskCompletionSource before = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.TrySetResult();
    }
}
