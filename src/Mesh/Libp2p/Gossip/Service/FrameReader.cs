using System.Buffers;
using Blackwall.Mesh.Libp2p.Wire;
using Blackwall.Mesh.Libp2p.Yamux;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>
/// Reads frames behind a varint length off a stream. The buffer grows with the bytes that came, not with the length that was
/// promised; what it holds beyond 8 KiB, which is what stays with a silent peer at most, counts in the budget.
/// </summary>
internal sealed class FrameReader(IByteStream stream, int longest, MemoryBudget budget, TimeProvider time) : IDisposable
{
    private const int Smallest = 2048;
    private const int Kept = 8 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _held;
    private long _begun;

    /// <summary>Set when a frame is longer than allowed or has no valid length: the stream is of no more use.</summary>
    public bool Broken { get; private set; }

    /// <summary>Bytes that count in the budget. Any thread may ask.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>How long the rest of a frame has been waited for; zero between frames. Any thread may ask.</summary>
    public TimeSpan Waiting => Volatile.Read(ref _begun) is not 0 and var begun ? time.GetElapsedTime(begun) : TimeSpan.Zero;

    /// <summary>The next whole frame that is in the buffer; valid until <see cref="FillAsync"/>.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        switch (Varint.Read(_buffer.AsSpan(_start, _end - _start), out ulong length, out int prefix))
        {
            case VarintStatus.Invalid:
                Broken = true;
                return false;
            case VarintStatus.Incomplete:
                return false;
        }

        if (length > (ulong)longest)
        {
            Broken = true;
            return false;
        }

        if (length > (ulong)(_end - _start - prefix))
        {
            return false;
        }

        frame = _buffer.AsMemory(_start + prefix, (int)length);
        _start += prefix + (int)length;
        Volatile.Write(ref _begun, 0);
        return true;
    }

    /// <summary>Reads more; false at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_end > _start && _begun == 0)
        {
            Volatile.Write(ref _begun, Math.Max(1, time.GetTimestamp()));
        }

        MakeRoom();
        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    public void Dispose()
    {
        Volatile.Write(ref _begun, 0);
        Replace([]);
    }

    private void MakeRoom()
    {
        int waiting = _end - _start;
        if (_buffer.Length == 0 || (waiting == 0 && _buffer.Length > Kept))
        {
            Replace(ArrayPool<byte>.Shared.Rent(Smallest));
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, waiting).CopyTo(_buffer);
            _start = 0;
            _end = waiting;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            int end = _end;
            Replace(larger);
            _end = end;
        }
    }

    private void Replace(byte[] buffer)
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        int held = Math.Max(0, buffer.Length - Kept);
        budget.Add(held - _held);
        Volatile.Write(ref _held, held);
        _buffer = buffer;
        _start = 0;
        _end = 0;
    }
}
