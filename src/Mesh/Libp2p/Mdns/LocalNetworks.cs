using System.Net;
using System.Net.NetworkInformation;

namespace Blackwall.Mesh.Libp2p.Mdns;

/// <summary>The networks that this machine is on. Looked up at most every 5 s: packets of strangers must not cost a look each.</summary>
internal sealed class LocalNetworks(TimeProvider time, Func<IReadOnlyList<(IPAddress Own, int Prefix)>>? look = null)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private (IPAddress Own, IPNetwork Network)[]? _networks;
    private long _lookedAt;

    /// <summary>The address lies in one of our networks: only from there a packet can have come by multicast (RFC 6762 §11).</summary>
    public bool IsNear(IPAddress address) => Array.Exists(Networks(), network => network.Network.Contains(address));

    /// <summary>
    /// An address that whoever sent this may rightly tell of. Loopback is for those on this machine (the kernel drops packets from outside that come
    /// in our own name), an address on a local network for those on the same one: anybody nearby could make us call on services of
    /// ours, or of strangers, otherwise.
    /// </summary>
    public bool MayTellOf(IPAddress address, IPAddress sender)
    {
        (IPAddress Own, IPNetwork Network)[] networks = Networks();
        bool here = IPAddress.IsLoopback(sender) || Array.Exists(networks, network => network.Own.Equals(sender));
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || Array.Exists(networks, network => network.Own.Equals(address)))
        {
            return here;
        }

        // A sender of IPv4 says nothing of the network of an IPv6 address, but it must be one of ours.
        return Array.Exists(networks, network => network.Network.Contains(address) && (here || address.AddressFamily != sender.AddressFamily || network.Network.Contains(sender)));
    }

    private (IPAddress Own, IPNetwork Network)[] Networks()
    {
        if (_networks is null || time.GetElapsedTime(_lookedAt) >= Fresh)
        {
            _networks = [.. (look ?? Look)().Select(own => (own.Own, new IPNetwork(Masked(own.Own, own.Prefix), own.Prefix)))];
            _lookedAt = time.GetTimestamp();
        }

        return _networks;
    }

    private static List<(IPAddress Own, int Prefix)> Look() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Where(own => own.PrefixLength > 0)
            .Select(own => (WithoutScope(own.Address), own.PrefixLength))];

    private static IPAddress WithoutScope(IPAddress address) => address.IsIPv6LinkLocal ? new IPAddress(address.GetAddressBytes()) : address;

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int bits = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - bits));
        }

        return new IPAddress(bytes);
    }
}
