using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Network;

/// <summary>
/// An edge of its own with one client, joined by a link that has no Ethernet header, or by PPPoE: packets of two tun devices, carried by a pump. The client
/// has three addresses of each family.
/// </summary>
public sealed class PointToPoint : IAsyncDisposable
{
    /// <summary>The edge's device that carries IP, and its peer's name for it.</summary>
    private const string Device = "ppp9";

    private const string Carrier = "wan9";
    private const int Mtu = 1_492; // RFC 2516 §7

    private readonly CancellationTokenSource _stop = new();
    private readonly List<IDisposable> _open = [];
    private Task _pumps = Task.CompletedTask;

    private PointToPoint(NetNamespace edge, LabHost client, string guarded) => (Edge, Client, Guarded) = (edge, client, guarded);

    public NetNamespace Edge { get; }

    public LabHost Client { get; }

    /// <summary>The interface to guard.</summary>
    public string Guarded { get; }

    public static IPAddress Edge4 { get; } = IPAddress.Parse("10.99.0.1");

    public static IPAddress Edge6 { get; } = IPAddress.Parse("2001:db8:99::1");

    /// <param name="edge">A namespace that nobody else uses.</param>
    /// <param name="far">Another one.</param>
    /// <param name="isPppoe">The packets cross a wire in PPPoE frames, and that wire's end is guarded; else the tun device itself.</param>
    public static async Task<PointToPoint> ConnectAsync(NetNamespace edge, NetNamespace far, bool isPppoe)
    {
        LabHost client = new(
            far,
            [.. Enumerable.Range(7, 3).Select(n => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.99.0.{n}")))],
            [.. Enumerable.Range(7, 3).Select(n => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:99:{n}::1")))],
            "",
            "");
        PointToPoint link = new(edge, client, isPppoe ? Carrier : Device);
        var (near, distant) = (link.Open(edge, Device), link.Open(far, LabHost.Interface));
        await edge.ConfigureAsync(
            $"link set {Device} mtu {Mtu} up", $"address add {Edge4}/24 dev {Device}", $"address add {Edge6}/48 dev {Device} nodad");
        await far.ConfigureAsync(
            [
                $"link set {LabHost.Interface} mtu {Mtu} up",
                .. client.Addresses4.Select(a => $"address add {a}/24 dev {LabHost.Interface}"),
                .. client.Addresses6.Select(a => $"address add {a}/48 dev {LabHost.Interface} nodad"),
            ]);

        // A packet for a device that is not up yet would end them.
        if (isPppoe)
        {
            await edge.ConfigureAsync($"link add {Carrier} type veth peer name {Carrier} netns {far.Name}", $"link set {Carrier} up");
            await far.ConfigureAsync($"link set {Carrier} up");
            var (one, other) = (link.OpenLink(edge), link.OpenLink(far));
            link._pumps = Task.WhenAll(
                PacketPump.Encapsulate(near, one.Socket, one.Own, other.Own, link._stop.Token),
                PacketPump.Encapsulate(distant, other.Socket, other.Own, one.Own, link._stop.Token));
        }
        else
        {
            link._pumps = Task.WhenAll(PacketPump.Join(near, distant), PacketPump.Join(distant, near));
        }

        return link;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // A read of a device ends when the device does.
        await Tool.TryAsync(["ip", "-n", Edge.Name, "link", "delete", Device]);
        await Tool.TryAsync(["ip", "-n", Client.Network.Name, "link", "delete", LabHost.Interface]);
        await _pumps;
        foreach (var open in _open)
        {
            open.Dispose();
        }

        _stop.Dispose();
    }

    private FileStream Open(NetNamespace network, string name)
    {
        var device = network.Do(() => Native.OpenTun(name));
        _open.Add(device);
        return device;
    }

    private (Socket Socket, byte[] Own) OpenLink(NetNamespace network)
    {
        var opened = network.Do(() =>
        {
            var carrier = NetworkInterface.GetAllNetworkInterfaces().Single(i => string.Equals(i.Name, Carrier, StringComparison.Ordinal));
            Socket socket = new(AddressFamily.Packet, SocketType.Raw, (ProtocolType)IPAddress.HostToNetworkOrder(unchecked((short)PacketPump.PppoeSession)));
            socket.Bind(new LinkEndPoint(LabNetwork.InterfaceIndex(Carrier), PacketPump.PppoeSession));
            return (socket, carrier.GetPhysicalAddress().GetAddressBytes());
        });
        _open.Add(opened.socket);
        return opened;
    }
}
