using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// A pipe as the kernel has it: whoever writes waits while it is full and is ended once nobody can read any more; whoever reads
/// waits while it is empty, up to the end of the last writer. Waiting gives the turn to others of the session.
/// </summary>
internal sealed class Pipe
{
    private const int Size = 64 * 1024;
    private const int FirstSize = 256;

    private readonly Lock _lock = new();
    private readonly Turns _turns;
    private byte[] _bytes = [];
    private int _start;
    private int _count;
    private int _readers;
    private int _writers;
    private TaskCompletionSource? _change;

    public Pipe(Turns turns)
    {
        _turns = turns;
        (Reader, Writer) = (ShellInput.From(this), new PipeOutput(this));
    }

    public ShellInput Reader { get; }

    public PipeOutput Writer { get; }

    /// <summary>Bytes that are in it.</summary>
    public int Count => _count;

    /// <summary>Whether more can come.</summary>
    public bool HasWriter => _writers > 0;

    public void AddReader() => Interlocked.Increment(ref _readers);

    public void AddWriter() => Interlocked.Increment(ref _writers);

    public void RemoveReader()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            lock (_lock)
            {
                (_bytes, _start, _count) = ([], 0, 0);
                Tell();
            }
        }
    }

    public void RemoveWriter()
    {
        if (Interlocked.Decrement(ref _writers) == 0)
        {
            lock (_lock)
            {
                Tell();
            }
        }
    }

    /// <summary>At least a byte; 0: there are no more.</summary>
    public async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_count > 0 || _writers == 0)
                {
                    return Take(buffer);
                }

                change = NextChange();
            }

            await _turns.OutsideAsync(() => change.WaitAsync(cancellation));
        }
    }

    public async ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        int written = 0;
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_readers == 0)
                {
                    throw new BrokenPipeException();
                }

                written += Put(bytes.AsSpan(written));
                if (written == bytes.Length)
                {
                    return;
                }

                change = NextChange();
            }

            await _turns.OutsideAsync(() => change.WaitAsync(cancellation));
        }
    }

    /// <summary>Waits until there is something to read, or nothing can come any more; false: the time is over.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        Task change;
        lock (_lock)
        {
            if (_count > 0 || _writers == 0)
            {
                return true;
            }

            change = NextChange();
        }

        await _turns.OutsideAsync(() => Task.WhenAny(change, Task.Delay(time, clock, cancellation)));
        cancellation.ThrowIfCancellationRequested();
        return _count > 0 || _writers == 0;
    }

    private Task NextChange() => (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Tell()
    {
        _change?.TrySetResult();
        _change = null;
    }

    private int Take(byte[] buffer)
    {
        int taken = Math.Min(buffer.Length, _count), first = Math.Min(taken, _bytes.Length - _start);
        _bytes.AsSpan(_start, first).CopyTo(buffer);
        _bytes.AsSpan(0, taken - first).CopyTo(buffer.AsSpan(first));
        _count -= taken;
        _start = _count == 0 ? 0 : (_start + taken) % _bytes.Length;
        if (taken > 0)
        {
            Tell();
        }

        return taken;
    }

    private int Put(ReadOnlySpan<byte> bytes)
    {
        int put = Math.Min(bytes.Length, Size - _count);
        if (put == 0)
        {
            return 0;
        }

        Grow(_count + put);
        int end = (_start + _count) % _bytes.Length, first = Math.Min(put, _bytes.Length - end);
        bytes[..first].CopyTo(_bytes.AsSpan(end));
        bytes[first..put].CopyTo(_bytes);
        _count += put;
        Tell();
        return put;
    }

    private void Grow(int needed)
    {
        if (needed <= _bytes.Length)
        {
            return;
        }

        int size = Math.Max(FirstSize, _bytes.Length);
        while (size < needed)
        {
            size *= 2;
        }

        byte[] larger = new byte[size];
        int first = Math.Min(_count, _bytes.Length - _start);
        _bytes.AsSpan(_start, first).CopyTo(larger);
        _bytes.AsSpan(0, _count - first).CopyTo(larger.AsSpan(first));
        (_bytes, _start) = (larger, 0);
    }
}
