using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Dns.Wire;

/// <summary>Writes an answer. Names are compressed where they were written before in the same case (RFC 1035 §4.1.4), as BIND does.</summary>
internal sealed class DnsWriter
{
    private const int LastPointer = 0x3FFF;

    // Of a name, BIND remembers itself and what follows its first label.
    private const int MostRemembered = 2;

    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public byte[] ToArray() => _bytes.ToArray();

    public void UInt16(int value)
    {
        _bytes.WriteByte((byte)(value >> 8));
        _bytes.WriteByte((byte)value);
    }

    public void UInt32(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, value);
        _bytes.Write(four);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Name(IReadOnlyList<string> labels)
    {
        for (int i = 0; i < labels.Count; i++)
        {
            string rest = string.Join('\u0001', labels.Skip(i));
            if (_names.TryGetValue(rest, out int known))
            {
                UInt16(0xC000 | known);
                return;
            }

            if (i < MostRemembered && _bytes.Position <= LastPointer)
            {
                _names[rest] = (int)_bytes.Position;
            }

            byte[] label = Encoding.Latin1.GetBytes(labels[i]);
            _bytes.WriteByte((byte)label.Length);
            _bytes.Write(label);
        }

        _bytes.WriteByte(0);
    }

    /// <summary>A record; its data is written by the caller's means, and its length set behind it.</summary>
    public void Record(IReadOnlyList<string> owner, int type, int dnsClass, uint ttl, Action<DnsWriter> data)
    {
        Name(owner);
        UInt16(type);
        UInt16(dnsClass);
        UInt32(ttl);
        long at = _bytes.Position;
        UInt16(0);
        data(this);
        long end = _bytes.Position;
        _bytes.Position = at;
        UInt16((int)(end - at - 2));
        _bytes.Position = end;
    }

    /// <summary>Numbers of records in a head that was written.</summary>
    public void SetCounts(int answers, int authorities, int additional)
    {
        long end = _bytes.Position;
        _bytes.Position = 6;
        UInt16(answers);
        UInt16(authorities);
        UInt16(additional);
        _bytes.Position = end;
    }
}
