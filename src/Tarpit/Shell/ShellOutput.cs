using System.Text;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell;

/// <summary>Where a command writes. Text is bytes, one a character (Latin-1), so that nothing is changed on its way.</summary>
internal abstract class ShellOutput
{
    /// <summary>What the same descriptor reads from; null: it is open for writing only.</summary>
    public ShellInput? Reader { get; init; }

    /// <summary>One more shell has it open.</summary>
    public virtual void Share()
    {
        // Only those count who somebody waits for.
    }

    /// <summary>A shell that had it open is done with it.</summary>
    public virtual void Release()
    {
        // Only those count who somebody waits for.
    }

    public abstract ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation);

    public ValueTask WriteAsync(string text, CancellationToken cancellation) => text.Length == 0 ? ValueTask.CompletedTask : WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);
}

/// <summary>The peer's own stream.</summary>
internal sealed class PeerOutput(IProgramIo io, bool isError) : ShellOutput
{
    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        if (io.Terminal is not null)
        {
            bytes = WithReturns(bytes);
        }

        return isError ? io.WriteErrorAsync(bytes, cancellation) : io.WriteAsync(bytes, cancellation);
    }

    // What the terminal's driver does: ONLCR.
    private static byte[] WithReturns(byte[] bytes)
    {
        int lines = bytes.AsSpan().Count((byte)'\n');
        if (lines == 0)
        {
            return bytes;
        }

        byte[] output = new byte[bytes.Length + lines];
        int at = 0;
        foreach (byte value in bytes)
        {
            if (value == '\n')
            {
                output[at++] = (byte)'\r';
            }

            output[at++] = value;
        }

        return output;
    }
}

/// <summary>Output kept in memory for a substitution or a file. Beyond its limit it acts as a pipe without reader.</summary>
internal sealed class BufferOutput(int limit, SessionMemory? memory = null) : ShellOutput, IMemoryHolder, IDisposable
{
    // So little is not counted.
    private const int Unheeded = 4096;

    private readonly MemoryStream _bytes = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _shells;

    /// <summary>Ends when no shell has it open any more.</summary>
    public Task Closed => _closed.Task;

    public string Text => Encoding.Latin1.GetString(_bytes.GetBuffer(), 0, (int)_bytes.Length);

    long IMemoryHolder.BytesHeld(HashSet<object> seen) => _bytes.Capacity;

    /// <summary>What was written is taken from it.</summary>
    public void Dispose() => memory?.Drop(this);

    public byte[] ToArray() => _bytes.ToArray();

    public override void Share() => Interlocked.Increment(ref _shells);

    public override void Release()
    {
        if (Interlocked.Decrement(ref _shells) == 0)
        {
            _closed.TrySetResult();
        }
    }

    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        if (memory is not null && _bytes.Length + bytes.Length > Unheeded)
        {
            memory.Hold(this);
            if (!memory.TryGrow(bytes.Length))
            {
                throw new BrokenPipeException();
            }
        }

        int room = (int)Math.Min(limit - _bytes.Length, bytes.Length);
        _bytes.Write(bytes, 0, Math.Max(0, room));
        return room < bytes.Length ? throw new BrokenPipeException() : ValueTask.CompletedTask;
    }
}

/// <summary>The end of a pipe that is written to.</summary>
internal sealed class PipeOutput(Pipe pipe) : ShellOutput
{
    public override void Share() => pipe.AddWriter();

    public override void Release() => pipe.RemoveWriter();

    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation) => pipe.WriteAsync(bytes, cancellation);
}

/// <summary>/dev/null.</summary>
internal sealed class NoOutput : ShellOutput
{
    public static NoOutput Instance { get; } = new();

    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation) => ValueTask.CompletedTask;
}

/// <summary>A descriptor that was closed (>&amp;-).</summary>
internal sealed class ClosedOutput : ShellOutput
{
    public static ClosedOutput Instance { get; } = new();

    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation) => throw new WriteErrorException("Bad file descriptor");
}

/// <summary>A file that is open for writing.</summary>
internal sealed class FileOutput(OpenFile file) : ShellOutput
{
    public OpenFile File => file;

    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        file.Append(bytes);
        return ValueTask.CompletedTask;
    }
}

/// <summary>/dev/full.</summary>
internal sealed class FullOutput : ShellOutput
{
    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation) => throw new WriteErrorException("No space left on device");
}
