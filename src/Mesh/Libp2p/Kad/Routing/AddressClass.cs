using System.Net;
using System.Net.Sockets;

namespace Blackwall.Mesh.Libp2p.Kad.Routing;

/// <summary>Which networks an address lies in.</summary>
internal static class AddressClass
{
    /// <summary>The IPv4 /24 or IPv6 /48, as text.</summary>
    public static string Subnet(IPAddress address) => Prefix(address, 24, 48);

    /// <summary>The IPv4 /16 or IPv6 /32, as text.</summary>
    public static string Wider(IPAddress address) => Prefix(address, 16, 32);

    /// <summary>Loopback, private (RFC 1918), link-local, unique local.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return true;
        }

        if (address.AddressFamily is not AddressFamily.InterNetwork)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254);
    }

    private static string Prefix(IPAddress address, int v4Bits, int v6Bits)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = address.GetAddressBytes();
        int bits = bytes.Length == 4 ? v4Bits : v6Bits;
        bytes.AsSpan(bits / 8).Clear();
        return $"{new IPAddress(bytes)}/{bits}";
    }
}
