using System.Net.Sockets;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// The terminal's keys. They are read while a command runs too, so that ^C ends it and ^Z stops it; keys typed ahead wait for the next reader. While a
/// command runs, the driver of the terminal echoes and collects lines; a prompt and programs that have the screen take keys as they come.
/// </summary>
internal sealed class Keyboard(IProgramIo io) : IProgramIo
{
    private const int TypedAhead = 8192;

    private readonly Lock _lock = new();
    private readonly Queue<byte> _keys = new();
    private readonly LineDiscipline _lines = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _held;
    private KeyboardUse _use = KeyboardUse.Raw;
    private bool _ended;
    private bool _isFull;

    /// <summary>Who has the keys now.</summary>
    public KeyboardUse Use
    {
        get => _use;
        set
        {
            lock (_lock)
            {
                if (value.IsRaw && !_use.IsRaw)
                {
                    // What was typed ahead, and is echoed already, is for the prompt now.
                    byte[] after = [.. _keys];
                    _keys.Clear();
                    foreach (byte key in _lines.TakeAll())
                    {
                        _keys.Enqueue(key);
                    }

                    foreach (byte key in after)
                    {
                        _keys.Enqueue(key);
                    }
                }

                _use = value;
            }
        }
    }

    public TerminalMode Mode { get; } = new();

    public Terminal? Terminal => io.Terminal;

    public IReadOnlyDictionary<string, string> Environment => io.Environment;

    /// <summary>Reads keys until the peer ends.</summary>
    public async Task PumpAsync(CancellationToken cancellation)
    {
        byte[] buffer = new byte[256];
        try
        {
            int got;
            while ((got = await io.ReadAsync(buffer, cancellation)) > 0)
            {
                for (int i = 0; i < got; i++)
                {
                    await AddAsync(buffer[i], cancellation);
                }

                Wake();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or IOException or SocketException)
        {
            // The session ends.
        }
        finally
        {
            // Whatever ended it: who waits for a key is told that none will come.
            lock (_lock)
            {
                _ended = true;
                _held?.TrySetResult();
            }

            Wake();
        }
    }

    /// <summary>Keys as they come.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                int length = 0;
                while (length < buffer.Length && _keys.TryDequeue(out byte key))
                {
                    buffer.Span[length++] = key;
                }

                if (length > 0 || _ended)
                {
                    WakeWriter();
                    return length;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);

            // Keys may be there faster than they are worked on.
            await SessionScheduler.GiveWayAsync();
        }
    }

    /// <summary>A line as the driver of the terminal gives it to a program, with its end; 0: ^D, or the end of the session.</summary>
    public async ValueTask<int> ReadLineAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            await Job.AskForTerminalAsync(cancellation);
            Task changed;
            byte[] echo = [];
            int signal = 0, length = -1;
            lock (_lock)
            {
                if (!Mode.IsCanonical)
                {
                    _lines.ReleaseLine();
                }

                // Keys that were typed at a prompt reach the driver now.
                while (!_lines.HasInput && _keys.TryDequeue(out byte key))
                {
                    (byte[] shown, signal) = _lines.Add(key, Mode);
                    echo = [.. echo, .. shown];
                    if (signal != 0)
                    {
                        break;
                    }
                }

                if (signal == 0 && (_lines.HasInput || _ended))
                {
                    length = _lines.Take(buffer.Span, isEnd: _ended);
                }

                WakeWriter();
                changed = _changed.Task;
            }

            if (echo.Length > 0)
            {
                await io.WriteAsync(echo, cancellation);
            }

            if (signal != 0)
            {
                Signal(signal);
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                continue;
            }

            if (length >= 0)
            {
                return length;
            }

            await changed.WaitAsync(cancellation);
            await SessionScheduler.GiveWayAsync();
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await HeldAsync(cancellation);
        await io.WriteAsync(bytes, cancellation);
    }

    public async ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await HeldAsync(cancellation);
        await io.WriteErrorAsync(bytes, cancellation);
    }

    private async ValueTask AddAsync(byte key, CancellationToken cancellation)
    {
        byte[] echo;
        int signal;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Mode.HasFlowControl && _use.HasFlowControl && key is TerminalMode.Stop or TerminalMode.Start)
                {
                    Hold(key == TerminalMode.Stop);
                    return;
                }

                if (_keys.Count + _lines.Count < TypedAhead || (!_use.IsRaw && LineDiscipline.SignalOf(key, Mode) != 0))
                {
                    (echo, signal) = AddLocked(key);
                    break;
                }

                _isFull = true;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }

        if (echo.Length > 0)
        {
            await io.WriteAsync(echo, cancellation);
        }

        if (signal != 0)
        {
            Signal(signal);
        }
    }

    private (byte[] Echo, int Signal) AddLocked(byte key)
    {
        // Behind keys that nobody has read yet, a key waits like them; signals do not.
        if (_use.IsRaw || (_keys.Count > 0 && LineDiscipline.SignalOf(key, Mode) == 0))
        {
            _keys.Enqueue(key);
            return ([], 0);
        }

        (byte[] echo, int signal) = _lines.Add(key, Mode);
        if (signal != 0 && !Mode.Is("noflsh"))
        {
            _keys.Clear();
            Hold(isHeld: false);
        }

        return (echo, signal);
    }

    private void Signal(int signal) => _use.OnSignal?.Invoke(signal);

    private void Hold(bool isHeld)
    {
        if (isHeld)
        {
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _held?.TrySetResult();
            _held = null;
        }
    }

    private async ValueTask HeldAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _held) is { Task.IsCompleted: false } held)
        {
            await held.Task.WaitAsync(cancellation);
        }
    }

    // The pump waits for room.
    private void WakeWriter()
    {
        if (!_isFull)
        {
            return;
        }

        _isFull = false;
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    private void Wake()
    {
        lock (_lock)
        {
            TaskCompletionSource changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.TrySetResult();
        }
    }
}
