using System.Net;
using System.Net.Sockets;

namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>Peers that come from one address, or one /64 of IPv6.</summary>
internal sealed class AddressGroup(IPAddress key)
{
    public IPAddress Key { get; } = key;

    /// <summary>Peers that are connected or whose score is kept.</summary>
    public int Members { get; set; }

    /// <summary>The address that stands for the group; a mapped IPv4 address is IPv4.</summary>
    public static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
