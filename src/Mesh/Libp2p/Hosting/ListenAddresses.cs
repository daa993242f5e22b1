using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>Where others may reach a listener: in the place of "any address" stand the addresses of this machine.</summary>
internal static class ListenAddresses
{
    public static IEnumerable<Multiaddr> Expand(Multiaddr address)
    {
        if (address.Ip is not { } ip || !(ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            return [address];
        }

        return OfMachine(ip.AddressFamily).Select(own => Replace(address, own));
    }

    private static Multiaddr Replace(Multiaddr address, IPAddress own) =>
        address.Tcp is { } tcp ? Multiaddr.OfTcp(new IPEndPoint(own, tcp.Port)) : Multiaddr.OfQuic(new IPEndPoint(own, address.Quic!.Port));

    private static IPAddress[] OfMachine(AddressFamily family)
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(link => link.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                .SelectMany(link => link.GetIPProperties().UnicastAddresses)
                .Select(known => known.Address)
                .Where(known => known.AddressFamily == family && !known.IsIPv6LinkLocal)];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
