using System.Text;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell;

/// <summary>What a command reads: bytes that are there, or what the peer sends. Text is bytes, one a character (Latin-1).</summary>
internal sealed class ShellInput
{
    private const int MostRead = 4 << 20;
    private const int LongestLine = 1 << 20;

    private readonly IProgramIo? _io;
    private readonly Turns? _turns;
    private readonly Pipe? _pipe;
    private readonly Func<byte[]>? _endless;
    private readonly MemoryStream _pending = new();
    private bool _ended;

    private ShellInput(IProgramIo? io, Turns? turns, Pipe? pipe, Func<byte[]>? endless = null) => (_io, _turns, _pipe, _endless) = (io, turns, pipe, endless);

    public static ShellInput Empty => From([]);

    /// <summary>Not open: reading fails.</summary>
    public static ShellInput Closed => new(null, null, null) { _ended = true, IsClosed = true };

    public bool IsClosed { get; private init; }

    /// <summary>Whether it is the peer's own stream.</summary>
    public bool IsPeer => _io is not null;

    /// <summary>Where the same descriptor writes; null: it is open for reading only.</summary>
    public ShellOutput? Writer { get; init; }

    /// <summary>Whether a file is read, whose size programs can ask for.</summary>
    public bool IsFile { get; private init; }

    /// <summary>Bytes that are there and not read yet.</summary>
    public int Available => (int)(_pending.Length - _pending.Position) + (_pipe?.Count ?? 0);

    /// <summary>Whether reading it now would wait.</summary>
    public bool WouldWait => Available == 0 && !_ended && (_io is not null || _pipe is { HasWriter: true });

    public static ShellInput From(byte[] bytes)
    {
        ShellInput input = new(null, null, null) { _ended = true };
        input._pending.Write(bytes);
        input._pending.Position = 0;
        return input;
    }

    public static ShellInput FromFile(byte[] bytes)
    {
        ShellInput input = new(null, null, null) { _ended = true, IsFile = true };
        input._pending.Write(bytes);
        input._pending.Position = 0;
        return input;
    }

    /// <summary>The peer's own stream; while nothing comes, others have their turn.</summary>
    public static ShellInput From(IProgramIo io, Turns? turns = null) => new(io, turns, null);

    /// <summary>A device that always has more.</summary>
    /// <param name="next">Its next bytes.</param>
    public static ShellInput Endless(Func<byte[]> next) => new(null, null, null, next);

    public static ShellInput From(Pipe pipe) => new(null, null, pipe);

    /// <summary>One more shell has it open.</summary>
    public void Share() => _pipe?.AddReader();

    /// <summary>A shell that had it open is done with it.</summary>
    public void Release() => _pipe?.RemoveReader();

    /// <summary>Waits until there is something to read, or the end was reached; false: the time is over.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellation) =>
        Available > 0 || _pipe is null || await _pipe.WaitAsync(time, clock, cancellation);

    /// <summary>A line without its end; null: nothing is left.</summary>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellation)
    {
        StringBuilder line = new();
        while (true)
        {
            int next = _pending.ReadByte();
            if (next == '\n')
            {
                return line.ToString();
            }

            if (next >= 0)
            {
                line.Append((char)next);
            }
            else if (line.Length > LongestLine || !await FillAsync(cancellation))
            {
                return line.Length == 0 ? null : line.ToString();
            }
        }
    }

    /// <summary>The next byte; null: nothing is left.</summary>
    public async ValueTask<byte?> ReadByteAsync(CancellationToken cancellation)
    {
        int next = _pending.ReadByte();
        while (next < 0)
        {
            if (!await FillAsync(cancellation))
            {
                return null;
            }

            next = _pending.ReadByte();
        }

        return (byte)next;
    }

    /// <summary>A program that reads a pipe by blocks leaves nothing of its last one.</summary>
    public void DropBlock()
    {
        if (_pipe is not null)
        {
            _pending.SetLength(0);
        }
    }

    /// <summary>Everything up to the end, or to a limit.</summary>
    public async ValueTask<byte[]> ReadAllAsync(CancellationToken cancellation)
    {
        using MemoryStream all = new();
        do
        {
            all.Write(_pending.GetBuffer(), (int)_pending.Position, (int)(_pending.Length - _pending.Position));
            _pending.SetLength(0);
        }
        while (all.Length < MostRead && await FillAsync(cancellation));
        return all.ToArray();
    }

    /// <summary>Exactly so many bytes, or what is left.</summary>
    public async ValueTask<byte[]> ReadExactlyAsync(int length, CancellationToken cancellation)
    {
        while (_pending.Length - _pending.Position < length && await FillAsync(cancellation))
        {
            // Until there are enough.
        }

        byte[] bytes = new byte[Math.Min(length, _pending.Length - _pending.Position)];
        _pending.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What is there, at least a byte, or nothing at the end.</summary>
    public async ValueTask<byte[]> ReadSomeAsync(CancellationToken cancellation)
    {
        if (_pending.Position == _pending.Length)
        {
            await FillAsync(cancellation);
        }

        byte[] bytes = new byte[_pending.Length - _pending.Position];
        _pending.ReadExactly(bytes);
        return bytes;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_ended)
        {
            return false;
        }

        cancellation.ThrowIfCancellationRequested();
        byte[] buffer = _endless?.Invoke() ?? new byte[4096];
        int got = _endless is not null ? await GiveWayAsync(buffer.Length) : _pipe is not null ? await _pipe.ReadAsync(buffer, cancellation) : await ReadPeerAsync(buffer, cancellation);
        if (got == 0)
        {
            _ended = true;
            return false;
        }

        long position = _pending.Position;
        if (position == _pending.Length)
        {
            _pending.SetLength(0);
            position = 0;
        }

        _pending.Position = _pending.Length;
        _pending.Write(buffer, 0, got);
        _pending.Position = position;
        return true;
    }

    private static async ValueTask<int> GiveWayAsync(int got)
    {
        await SessionScheduler.GiveWayAsync();
        return got;
    }

    private async ValueTask<int> ReadPeerAsync(byte[] buffer, CancellationToken cancellation)
    {
        if (_io is null)
        {
            return 0;
        }

        ValueTask<int> reading = _io.ReadAsync(buffer, cancellation);
        if (_turns is null || reading.IsCompleted)
        {
            return await reading;
        }

        int got = 0;
        await _turns.OutsideAsync(async () => got = await reading);
        return got;
    }
}
