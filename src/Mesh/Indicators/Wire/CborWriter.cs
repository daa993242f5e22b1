using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Mesh.Indicators.Wire;

/// <summary>Writes the part of CBOR (RFC 8949) that messages use, each number in its shortest form (§4.2.1): unsigned numbers, byte strings, text, arrays.</summary>
internal sealed class CborWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public void Number(ulong value) => Head(CborType.Number, value);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Head(CborType.Bytes, (ulong)value.Length);
        _buffer.Write(value);
    }

    /// <summary>ASCII alone.</summary>
    public void Text(string value)
    {
        Head(CborType.Text, (ulong)value.Length);
        Encoding.ASCII.GetBytes(value, _buffer);
    }

    public void Array(int count) => Head(CborType.Array, (ulong)count);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private void Head(CborType type, ulong value)
    {
        int major = (int)type << 5;
        Span<byte> span = _buffer.GetSpan(9);
        int length;
        switch (value)
        {
            case < 24:
                span[0] = (byte)(major | (int)value);
                length = 1;
                break;
            case <= byte.MaxValue:
                span[0] = (byte)(major | 24);
                span[1] = (byte)value;
                length = 2;
                break;
            case <= ushort.MaxValue:
                span[0] = (byte)(major | 25);
                BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)value);
                length = 3;
                break;
            case <= uint.MaxValue:
                span[0] = (byte)(major | 26);
                BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)value);
                length = 5;
                break;
            default:
                span[0] = (byte)(major | 27);
                BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
                length = 9;
                break;
        }

        _buffer.Advance(length);
    }
}
