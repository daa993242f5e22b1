using System.Buffers.Binary;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Links;

/// <summary>Reads next hops out of RTM_NEWROUTE and RTM_NEWNEXTHOP messages (rtnetlink(7), linux/rtnetlink.h, linux/nexthop.h). Pure.</summary>
internal static class RouteMessage
{
    private const int RouteHeader = 12;   // struct rtmsg
    private const int NextHopHeader = 8;  // struct nhmsg
    private const int HopHeader = 8;      // struct rtnexthop
    private const int RouteGateway = 5;   // RTA_GATEWAY
    private const int RouteMultipath = 9; // RTA_MULTIPATH
    private const int RouteVia = 18;      // RTA_VIA: an IPv4 route whose next hop has an IPv6 address
    private const int HopGateway = 6;     // NHA_GATEWAY

    /// <summary>Every next hop of a route, also of a multipath route.</summary>
    public static void ReadRoute(ReadOnlySpan<byte> message, ICollection<Address> hops)
    {
        if (message.Length >= RouteHeader)
        {
            ReadAttributes(message[RouteHeader..], hops);
        }
    }

    /// <summary>The gateway of a nexthop object.</summary>
    public static void ReadNextHop(ReadOnlySpan<byte> message, ICollection<Address> hops)
    {
        NetlinkAttributes attributes = new(message.Length < NextHopHeader ? [] : message[NextHopHeader..]);
        while (attributes.MoveNext())
        {
            if (attributes.Type == HopGateway)
            {
                Add(attributes.Value, hops);
            }
        }
    }

    private static void ReadAttributes(ReadOnlySpan<byte> bytes, ICollection<Address> hops)
    {
        NetlinkAttributes attributes = new(bytes);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case RouteGateway:
                    Add(attributes.Value, hops);
                    break;
                case RouteVia when attributes.Value.Length > 2:
                    Add(attributes.Value[2..], hops);
                    break;
                case RouteMultipath:
                    ReadMultipath(attributes.Value, hops);
                    break;
            }
        }
    }

    private static void ReadMultipath(ReadOnlySpan<byte> bytes, ICollection<Address> hops)
    {
        while (bytes.Length >= HopHeader)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            if (length < HopHeader || length > bytes.Length)
            {
                return;
            }

            // A path holds no further paths.
            NetlinkAttributes attributes = new(bytes[HopHeader..length]);
            while (attributes.MoveNext())
            {
                if (attributes.Type == RouteGateway)
                {
                    Add(attributes.Value, hops);
                }
                else if (attributes.Type == RouteVia && attributes.Value.Length > 2)
                {
                    Add(attributes.Value[2..], hops);
                }
            }

            int step = (length + 3) & ~3;
            bytes = step >= bytes.Length ? [] : bytes[step..];
        }
    }

    private static void Add(ReadOnlySpan<byte> address, ICollection<Address> hops)
    {
        if (address.Length is 4 or 16 && address.ContainsAnyExcept((byte)0))
        {
            hops.Add(Address.FromBytes(address));
        }
    }
}
