using System.Buffers.Binary;

namespace Blackwall.Fingerprints.Wire;

/// <summary>Reads big-endian fields from hostile bytes. A read beyond the end fails and moves nothing.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryByte(out byte value)
    {
        value = 0;
        if (_rest.Length < 1)
        {
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryU16(out ushort value) => BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value) && TrySkip(2);

    public bool TryU24(out int value)
    {
        value = _rest.Length < 3 ? 0 : (_rest[0] << 16) | (_rest[1] << 8) | _rest[2];
        return TrySkip(3);
    }

    public bool TryU32(out uint value) => BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value) && TrySkip(4);

    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (count < 0 || _rest.Length < count)
        {
            return false;
        }

        taken = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    public bool TrySkip(int count) => TryTake(count, out _);

    /// <summary>A vector with a length of one byte before it (RFC 8446 §3.4).</summary>
    public bool TryVector8(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        ReadOnlySpan<byte> before = _rest;
        if (TryByte(out byte length) && TryTake(length, out vector))
        {
            return true;
        }

        _rest = before;
        return false;
    }

    /// <summary>A vector with a length of two bytes before it.</summary>
    public bool TryVector16(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        ReadOnlySpan<byte> before = _rest;
        if (TryU16(out ushort length) && TryTake(length, out vector))
        {
            return true;
        }

        _rest = before;
        return false;
    }

    /// <summary>A QUIC variable-length integer (RFC 9000 §16).</summary>
    public bool TryVarint(out ulong value)
    {
        value = 0;
        if (_rest.Length < 1)
        {
            return false;
        }

        int length = 1 << (_rest[0] >> 6);
        if (!TryTake(length, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        value = bytes[0] & 0x3fu;
        foreach (byte next in bytes[1..])
        {
            value = (value << 8) | next;
        }

        return true;
    }
}
