using System.Buffers;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>What a stream received and nobody read yet. Holds memory only while it holds bytes; the window bounds it.</summary>
internal struct ReceiveBuffer
{
    private byte[]? _bytes;
    private int _start;
    private int _length;

    public readonly int Length => _length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        int needed = _length + bytes.Length;
        if (_bytes is null || _bytes.Length - _start - _length < bytes.Length)
        {
            byte[] room = _bytes is not null && _bytes.Length >= needed && _start >= _bytes.Length / 2 ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _length));
            _bytes.AsSpan(_start, _length).CopyTo(room);
            if (_bytes is not null && !ReferenceEquals(room, _bytes))
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = room;
            _start = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_start + _length));
        _length = needed;
    }

    public int Read(Span<byte> output)
    {
        int count = Math.Min(output.Length, _length);
        _bytes.AsSpan(_start, count).CopyTo(output);
        _start += count;
        _length -= count;
        if (_length == 0)
        {
            Clear();
        }

        return count;
    }

    public void Clear()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _start = _length = 0;
    }
}
