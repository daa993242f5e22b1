using System.Buffers.Binary;

namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>Reads the values of a payload (client/server protocol of MySQL, "Basic Data Types"; little-endian). After an error everything is empty.</summary>
internal ref struct MySqlReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Something was cut short.</summary>
    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            Failed = true;
            _rest = [];
            return [];
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public byte UInt8() => Bytes(1) is [byte value] ? value : (byte)0;

    public ushort UInt16() => Bytes(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16LittleEndian(taken) : (ushort)0;

    public uint UInt32() => Bytes(4) is { Length: 4 } taken ? BinaryPrimitives.ReadUInt32LittleEndian(taken) : 0;

    public ulong UInt64() => Bytes(8) is { Length: 8 } taken ? BinaryPrimitives.ReadUInt64LittleEndian(taken) : 0;

    /// <summary>A number whose first byte says how long it is.</summary>
    public ulong Number()
    {
        byte first = UInt8();
        return first switch
        {
            < 0xFB => first,
            0xFC => UInt16(),
            0xFD => Bytes(3) is { Length: 3 } taken ? (uint)(taken[0] | (taken[1] << 8) | (taken[2] << 16)) : 0u,
            0xFE => UInt64(),
            _ => Fail(),
        };
    }

    /// <summary>Bytes with their number before them.</summary>
    public ReadOnlySpan<byte> Counted()
    {
        ulong length = Number();
        return length > int.MaxValue ? Bytes(-1) : Bytes((int)length);
    }

    /// <summary>Bytes up to a zero, which is taken too; without one, all that is left.</summary>
    public ReadOnlySpan<byte> Terminated()
    {
        int zero = _rest.IndexOf((byte)0);
        if (zero < 0)
        {
            return Bytes(_rest.Length);
        }

        ReadOnlySpan<byte> taken = Bytes(zero);
        Bytes(1);
        return taken;
    }

    private ulong Fail()
    {
        Failed = true;
        _rest = [];
        return 0;
    }
}
