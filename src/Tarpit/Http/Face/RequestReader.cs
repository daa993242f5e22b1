using System.Buffers;
using Blackwall.Tarpit.Detection;

namespace Blackwall.Tarpit.Http.Face;

/// <summary>Reads lines and bodies of a connection. It holds a buffer only while something is in it.</summary>
internal sealed class RequestReader(Peer peer) : IDisposable
{
    private const int BufferLength = 16 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    /// <summary>The line that was read last, without its end; until the next call.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether bytes wait that came already.</summary>
    public bool HasMore => _end > _start;

    /// <summary>Waits for a first byte; false: the peer ended.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        if (HasMore)
        {
            return true;
        }

        Release();
        await peer.WaitAsync(cancellation);
        return await FillAsync(cancellation);
    }

    /// <param name="longest">Bytes of a line without its end.</param>
    public async ValueTask<LineEnd> ReadLineAsync(int longest, CancellationToken cancellation)
    {
        int searched = 0;
        while (true)
        {
            int end = _buffer is null ? -1 : _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, searched + end);
                _start += searched + end + 1;
                bool isWhole = line.Length > 0 && line.Span[^1] == '\r';
                Line = isWhole ? line[..^1] : line;
                return Line.Length > longest ? LineEnd.TooLong : !isWhole || Line.Span.Contains((byte)0) ? LineEnd.Bad : LineEnd.Whole;
            }

            searched = _end - _start;
            if (searched > longest + 1)
            {
                return LineEnd.TooLong;
            }

            if (!await FillAsync(cancellation))
            {
                return LineEnd.Closed;
            }
        }
    }

    /// <summary>Some bytes of a body, at most as many as wanted; 0: the peer ended.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadSomeAsync(int most, CancellationToken cancellation)
    {
        if (!HasMore && !await FillAsync(cancellation))
        {
            return default;
        }

        int length = Math.Min(most, _end - _start);
        ReadOnlyMemory<byte> some = _buffer.AsMemory(_start, length);
        _start += length;
        return some;
    }

    /// <summary>Gives back bytes that were read last and are not of the body.</summary>
    public void Return(int count) => _start -= count;

    public void Dispose() => Release();

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferLength);
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int got = await peer.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += got;
        return got > 0;
    }

    private void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = (null, 0, 0);
        }
    }
}
