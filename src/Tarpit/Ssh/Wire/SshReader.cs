using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>
/// Reads the data types of RFC 4251 §5 from a packet. A read beyond the end gives an empty value and sets <see cref="Failed"/>, which stays set:
/// a message is read whole and checked once.
/// </summary>
internal ref struct SshReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Something that was read was not there.</summary>
    public bool Failed { get; private set; }

    public readonly int Remaining => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte()
    {
        if (_rest.IsEmpty)
        {
            Failed = true;
            return 0;
        }

        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public bool Boolean() => Byte() != 0;

    public uint UInt32()
    {
        if (_rest.Length < sizeof(uint))
        {
            Failed = true;
            _rest = default;
            return 0;
        }

        uint value = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return value;
    }

    public ulong UInt64()
    {
        ulong high = UInt32();
        return (high << 32) | UInt32();
    }

    /// <summary>A string as its bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        uint length = UInt32();
        if (length > (uint)_rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return value;
    }

    /// <summary>A string as text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Raw(int length)
    {
        if (length > _rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }
}
