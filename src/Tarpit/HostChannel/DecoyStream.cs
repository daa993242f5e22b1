using System.Threading.Channels;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>The tarpit's end of a connection that the host made to the operator's decoy. What comes waits here, so much and no more.</summary>
/// <param name="send">Hands bytes to the host; at most as many as a message holds.</param>
/// <param name="close">Tells the host that it is over; called once.</param>
internal sealed class DecoyStream(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, Action close) : DuplexStream
{
    private const int MostWaiting = 4 << 20;

    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _current;
    private long _waiting;
    private int _isClosed;

    /// <summary>Bytes that the host sent; false: too many wait already.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes) => Interlocked.Add(ref _waiting, bytes.Length) <= MostWaiting && _received.Writer.TryWrite(bytes.ToArray());

    /// <summary>The decoy sends no more.</summary>
    public void End() => _received.Writer.TryComplete();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current.IsEmpty)
        {
            if (!await _received.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            if (_received.Reader.TryRead(out byte[]? next))
            {
                _current = next;
            }
        }

        int taken = Math.Min(buffer.Length, _current.Length);
        _current[..taken].CopyTo(buffer);
        _current = _current[taken..];
        Interlocked.Add(ref _waiting, -taken);
        return taken;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (; !buffer.IsEmpty; buffer = buffer[Math.Min(buffer.Length, Wire.DecoyBytes.Largest)..])
        {
            await send(buffer[..Math.Min(buffer.Length, Wire.DecoyBytes.Largest)], cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            End();
            close();
        }

        base.Dispose(disposing);
    }
}
