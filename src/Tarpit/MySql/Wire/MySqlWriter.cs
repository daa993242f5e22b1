using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>Writes one payload (little-endian).</summary>
internal sealed class MySqlWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public int Length => _bytes.WrittenCount;

    public MySqlWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public MySqlWriter UInt8(int value)
    {
        _bytes.GetSpan(1)[0] = (byte)value;
        _bytes.Advance(1);
        return this;
    }

    public MySqlWriter UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.GetSpan(2), (ushort)value);
        _bytes.Advance(2);
        return this;
    }

    public MySqlWriter UInt24(int value) => UInt16(value & 0xFFFF).UInt8(value >> 16);

    public MySqlWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public MySqlWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public MySqlWriter Zeros(int count)
    {
        for (int i = 0; i < count; i++)
        {
            UInt8(0);
        }

        return this;
    }

    /// <summary>A number with as many bytes as it needs.</summary>
    public MySqlWriter Number(ulong value) => value switch
    {
        < 0xFB => UInt8((int)value),
        <= 0xFFFF => UInt8(0xFC).UInt16((int)value),
        <= 0xFFFFFF => UInt8(0xFD).UInt24((int)value),
        _ => UInt8(0xFE).UInt64(value),
    };

    /// <summary>Bytes with their number before them.</summary>
    public MySqlWriter Counted(ReadOnlySpan<byte> bytes) => Number((ulong)bytes.Length).Bytes(bytes);

    public MySqlWriter Counted(string text) => Counted(Encoding.UTF8.GetBytes(text));

    /// <summary>Text and a zero.</summary>
    public MySqlWriter Terminated(string text) => Bytes(Encoding.UTF8.GetBytes(text)).UInt8(0);
}
