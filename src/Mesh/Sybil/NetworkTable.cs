using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Consensus;

namespace Blackwall.Mesh.Sybil;

/// <summary>
/// Which operator (AS) an address belongs to, by a table of prefixes that the operator supplies: lines of "PREFIX NUMBER", '#' begins a comment. Where the table says
/// nothing, the /16 (IPv6: /32) stands for the operator.
/// </summary>
public sealed class NetworkTable
{
    private const int MaxLines = 4_000_000;
    private const ulong OfV6 = 1UL << 62;
    private const ulong OfTable = 1UL << 63;
    private readonly Dictionary<(UInt128 Network, int Bits), uint> _prefixes = [];
    private readonly SortedSet<int> _lengths4 = new(Comparer<int>.Create((one, other) => other.CompareTo(one)));
    private readonly SortedSet<int> _lengths6 = new(Comparer<int>.Create((one, other) => other.CompareTo(one)));

    /// <summary>Prefixes that it knows.</summary>
    public int Count => _prefixes.Count;

    /// <summary>Reads a table. Throws <see cref="FormatException"/> that names the line.</summary>
    public static NetworkTable Read(TextReader reader)
    {
        NetworkTable table = new();
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            string[] words = line.Split('#')[0].Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            string operatorNumber = words.Length == 2 && words[1].StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? words[1][2..] : words[^1];
            if (words.Length != 2 || number > MaxLines || !IPNetwork.TryParse(words[0], out IPNetwork prefix) || !uint.TryParse(operatorNumber, NumberStyles.None, CultureInfo.InvariantCulture, out uint asn))
            {
                throw new FormatException($"line {number} is no 'PREFIX NUMBER', such as '198.51.100.0/24 64500'.");
            }

            bool isV4 = prefix.BaseAddress.AddressFamily is AddressFamily.InterNetwork;
            (isV4 ? table._lengths4 : table._lengths6).Add(prefix.PrefixLength);
            table._prefixes[(Masked(Bits(prefix.BaseAddress), prefix.PrefixLength + (isV4 ? 96 : 0)), prefix.PrefixLength + (isV4 ? 96 : 0))] = asn;
        }

        return table;
    }

    /// <summary>The operator's number; null: the table does not say.</summary>
    public long? OperatorOf(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        bool isV4 = address.AddressFamily is AddressFamily.InterNetwork;
        UInt128 bits = Bits(address);
        foreach (int length in isV4 ? _lengths4 : _lengths6)
        {
            int full = length + (isV4 ? 96 : 0);
            if (_prefixes.TryGetValue((Masked(bits, full), full), out uint found))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The networks of an address.</summary>
    public NetworkPlace PlaceOf(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        bool isV4 = address.AddressFamily is AddressFamily.InterNetwork;
        UInt128 bits = Bits(address);
        ulong near = isV4 ? (ulong)(uint)bits >> 8 : OfV6 | (ulong)(bits >> 80);
        ulong wide = isV4 ? (ulong)(uint)bits >> 16 : OfV6 | (ulong)(bits >> 96);
        return new NetworkPlace(near + 1, wide + 1, OperatorOf(address) is { } asn ? OfTable | (ulong)asn : wide + 1);
    }

    private static UInt128 Masked(UInt128 bits, int length) => length == 0 ? 0 : bits & (UInt128.MaxValue << (128 - length));

    // IPv4 as its mapped form.
    private static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
