using System.Buffers.Binary;
using System.Globalization;
using Blackwall.Pipeline;

namespace Blackwall.Guard;

/// <summary>Reads the next hops out of /proc/net/route and /proc/net/ipv6_route. Pure.</summary>
internal static class RouteTable
{
    /// <summary>RTF_GATEWAY of linux/route.h.</summary>
    private const uint Gateway = 0x2;

    /// <summary>Columns: interface, destination, gateway, flags, ...; addresses are the memory of a __be32 printed as a number of this machine.</summary>
    public static IEnumerable<Address> Gateways4(string text)
    {
        foreach (string line in text.Split('\n').Skip(1))
        {
            string[] columns = line.Split('\t', StringSplitOptions.TrimEntries);
            if (columns.Length >= 4 && TryHex(columns[2], out uint gateway) && TryHex(columns[3], out uint flags) && (flags & Gateway) != 0 && gateway != 0)
            {
                yield return Address.FromV4(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(gateway) : gateway);
            }
        }
    }

    /// <summary>Columns: destination, length, source, length, next hop, metric, references, use, flags, interface; addresses in network order.</summary>
    public static IEnumerable<Address> Gateways6(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length >= 10 && TryHex(columns[8], out uint flags) && (flags & Gateway) != 0
                && UInt128.TryParse(columns[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 hop) && hop != 0)
            {
                yield return new Address(hop);
            }
        }
    }

    private static bool TryHex(string text, out uint value) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
