using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Dns.Wire;

/// <summary>Writes an answer. Names are compressed where they were written before in the same case (RFC 1035 §4.1.4), as BIND does.</summary>
internal sealed class DnsWriter
{
    private const int LastPointer = 0x3FFF;

    // Of a name, BIND remembers itself and what follows its first label.
    private const int MostRemembered = 2;

    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public byte[] ToArray() => [.. _bytes];

    public void UInt16(int value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }

    public void UInt32(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, value);
        _bytes.AddRange(four);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

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

            if (i < MostRemembered && _bytes.Count <= LastPointer)
            {
                _names[rest] = _bytes.Count;
            }

            byte[] label = Encoding.Latin1.GetBytes(labels[i]);
            _bytes.Add((byte)label.Length);
            _bytes.AddRange(label);
        }

        _bytes.Add(0);
    }

    /// <summary>A record; its data is written by the caller's means, and its length set behind it.</summary>
    public void Record(IReadOnlyList<string> owner, int type, int dnsClass, uint ttl, Action<DnsWriter> data)
    {
        Name(owner);
        UInt16(type);
        UInt16(dnsClass);
        UInt32(ttl);
        int at = _bytes.Count;
        UInt16(0);
        data(this);
        Set(at, _bytes.Count - at - 2);
    }

    /// <summary>Numbers of records in a head that was written.</summary>
    public void SetCounts(int answers, int authorities, int additional)
    {
        Set(6, answers);
        Set(8, authorities);
        Set(10, additional);
    }

    private void Set(int at, int value) => (_bytes[at], _bytes[at + 1]) = ((byte)(value >> 8), (byte)value);
}
