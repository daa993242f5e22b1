using System.Buffers.Binary;

namespace Blackwall.Mesh.Indicators.Wire;

/// <summary>Reads what <see cref="CborWriter"/> writes and nothing else: a number in another than its shortest form is refused, so that each message has one form.</summary>
internal ref struct CborReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public bool TryNumber(ulong most, out ulong value) => TryHead(CborType.Number, out value) && value <= most;

    public bool TryArray(int count) => TryHead(CborType.Array, out ulong value) && value == (ulong)count;

    public bool TryBytes(int most, out ReadOnlySpan<byte> value) => TryString(CborType.Bytes, most, out value);

    /// <summary>Its bytes; that they are ASCII is for the caller to see.</summary>
    public bool TryText(int most, out ReadOnlySpan<byte> value) => TryString(CborType.Text, most, out value);

    private bool TryString(CborType type, int most, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryHead(type, out ulong length) || length > (ulong)most || length > (ulong)_rest.Length)
        {
            return false;
        }

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryHead(CborType type, out ulong value)
    {
        value = 0;
        if (_rest.IsEmpty || _rest[0] >> 5 != (int)type)
        {
            return false;
        }

        int info = _rest[0] & 31;
        int more = info switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => -1 };
        if (more < 0 || _rest.Length < 1 + more)
        {
            return false;
        }

        ReadOnlySpan<byte> number = _rest.Slice(1, more);
        (value, ulong least) = more switch
        {
            0 => ((ulong)info, 0UL),
            1 => (number[0], 24UL),
            2 => (BinaryPrimitives.ReadUInt16BigEndian(number), byte.MaxValue + 1UL),
            4 => (BinaryPrimitives.ReadUInt32BigEndian(number), ushort.MaxValue + 1UL),
            _ => (BinaryPrimitives.ReadUInt64BigEndian(number), uint.MaxValue + 1UL),
        };
        _rest = _rest[(1 + more)..];
        return value >= least;
    }
}
