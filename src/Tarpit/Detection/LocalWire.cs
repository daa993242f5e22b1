using System.Buffers;
using System.IO.Pipelines;

namespace Blackwall.Tarpit.Detection;

/// <summary>One end of a connection that a visitor makes from the machine to itself. Each direction holds at most 64 KiB.</summary>
internal sealed class LocalWire : IWire
{
    private const int Room = 64 << 10;
    private static readonly PipeOptions s_options = new(pauseWriterThreshold: Room, resumeWriterThreshold: Room / 2, useSynchronizationContext: false);

    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;

    private LocalWire(PipeReader reader, PipeWriter writer) => (_reader, _writer) = (reader, writer);

    /// <summary>Two ends of one connection.</summary>
    public static (LocalWire Near, LocalWire Far) Pair()
    {
        Pipe there = new(s_options), back = new(s_options);
        return (new LocalWire(back.Reader, there.Writer), new LocalWire(there.Reader, back.Writer));
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            ReadResult result = await _reader.ReadAsync(cancellation);
            int length = (int)Math.Min(buffer.Length, result.Buffer.Length);
            result.Buffer.Slice(0, length).CopyTo(buffer.Span);
            _reader.AdvanceTo(result.Buffer.GetPosition(length));
            return length;
        }
        catch (InvalidOperationException e)
        {
            throw new IOException("The connection was closed.", e);
        }
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            FlushResult result = await _writer.WriteAsync(bytes[..Math.Min(bytes.Length, Room)], cancellation);
            return result.IsCompleted ? throw new IOException("The other end is gone.") : Math.Min(bytes.Length, Room);
        }
        catch (InvalidOperationException e)
        {
            throw new IOException("The connection was closed.", e);
        }
    }

    public void EndSending() => _writer.Complete();

    public void Reset() => Dispose();

    public void Dispose()
    {
        _writer.Complete();
        _reader.Complete();
    }
}
