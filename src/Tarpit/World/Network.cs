using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Tarpit.World;

/// <summary>The network that the machine believes to be in, made of the address that its peer came to.</summary>
internal static class Network
{
    /// <summary>The machine's own address of version 4.</summary>
    public static IPAddress Own(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? address : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : IPAddress.Parse("10.0.2.15");

    public static string Prefix(IPAddress address)
    {
        string text = Own(address).ToString();
        return text[..text.LastIndexOf('.')];
    }

    /// <summary>The router: the first of the network, or the last if that is the machine itself.</summary>
    public static string Gateway(IPAddress address) => Own(address).GetAddressBytes()[3] == 1 ? Prefix(address) + ".254" : Prefix(address) + ".1";

    /// <summary>Bytes that came and went since the machine started.</summary>
    public static (long Received, long Sent) Traffic(Machine machine)
    {
        long seconds = (long)machine.Uptime.TotalSeconds;
        return (seconds * machine.Number("received", 2000, 21_000), seconds * machine.Number("sent", 3000, 40_000));
    }

    /// <summary>The link-local address of version 6 that follows from the hardware address.</summary>
    public static string LinkLocal(Machine machine)
    {
        byte[] mac = [.. machine.HardwareAddress.Split(':').Select(part => byte.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        return new IPAddress([0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(mac[0] ^ 2), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]]).ToString();
    }

    /// <summary>/proc/net/route.</summary>
    public static string RouteTable(IPAddress address)
    {
        byte[] own = Own(address).GetAddressBytes(), gateway = IPAddress.Parse(Gateway(address)).GetAddressBytes();
        string Hex(byte[] bytes) => Convert.ToHexString([.. bytes.Reverse()]);
        return $"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t{Hex(gateway)}\t0003\t0\t0\t100\t00000000\t0\t0\t0\neth0\t{Hex([own[0], own[1], own[2], 0])}\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
    }
}
