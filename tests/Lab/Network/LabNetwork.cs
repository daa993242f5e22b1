using System.Globalization;
using System.Net;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Network;

/// <summary>
/// The lab's hosts and wires:
/// <code>
/// attacker  203.0.113.0/24  ─┐
/// second    198.51.100.0/24 ─┤ outside ── 100.64.0.0/24 ── wan edge lan ── 10.20.0.0/24 ── server
/// client    192.0.2.0/24    ─┤ (router)                   (Blackwall)
/// guests    198.18.N.0/24   ─┘ each with one act to play
/// </code>
/// No namespace has a way out: all wires end in other namespaces.
/// </summary>
public sealed partial class LabNetwork : IAsyncDisposable
{
    public const string Wan = "wan";
    public const string Lan = "lan";

    /// <summary>Hardware address of the router where hosts outside see it: some tools find it for IPv4 only.</summary>
    public const string RouterMac = "02:00:00:00:00:01";

    /// <summary>Addresses an attacker can speak from: one for each act.</summary>
    private const int AttackerAddresses = 20;

    private readonly RunFolder _run;
    private readonly List<NetNamespace> _namespaces = [];

    private LabNetwork(RunFolder run)
    {
        _run = run;
        Outside = Add("out");
        Edge = Add("edge");
        Attacker = Host("atk", "203.0.113", "a", AttackerAddresses);
        Second = Host("atk2", "198.51.100", "b", AttackerAddresses);
        Client = Host("cli", "192.0.2", "c", 1);
        Server = new LabHost(Add("srv"), [IPAddress.Parse("10.20.0.10"), IPAddress.Parse("10.20.0.11")], [IPAddress.Parse("2001:db8:20::10"), IPAddress.Parse("2001:db8:20::11")], EdgeLan4.ToString(), "fe80::1");
    }

    public static IPAddress Gateway4 { get; } = IPAddress.Parse("100.64.0.1");

    public static IPAddress Gateway6 { get; } = IPAddress.Parse("2001:db8:f::1");

    public static IPAddress EdgeWan4 { get; } = IPAddress.Parse("100.64.0.2");

    public static IPAddress EdgeWan6 { get; } = IPAddress.Parse("2001:db8:f::2");

    public static IPAddress EdgeLan4 { get; } = IPAddress.Parse("10.20.0.1");

    public NetNamespace Outside { get; }

    public NetNamespace Edge { get; }

    public LabHost Attacker { get; }

    public LabHost Second { get; }

    public LabHost Client { get; }

    public LabHost Server { get; }

    public static async Task<LabNetwork> BuildAsync(RunFolder run)
    {
        var network = new LabNetwork(run);
        try
        {
            await network.BuildAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Switches checksum offload of every end host and the edge. While it is on, a veth carries packets whose checksum
    /// nobody has computed, and a program that forgets to update checksums looks right.
    /// </summary>
    public async Task SetOffloadAsync(bool on)
    {
        foreach (var host in new[] { Attacker, Second, Client, Server })
        {
            await host.Network.RunAsync("ethtool", "-K", LabHost.Interface, "tx", on ? "on" : "off");
        }

        await Edge.RunAsync("ethtool", "-K", Wan, "tx", on ? "on" : "off");
        await Edge.RunAsync("ethtool", "-K", Lan, "tx", on ? "on" : "off");
    }

    /// <summary>Makes the link between the outside and the edge, which a test may have deleted.</summary>
    public async Task ConnectWanAsync()
    {
        await Outside.ConfigureAsync(
            $"link add toedge type veth peer name {Wan} netns {Edge.Name}",
            "addr add 100.64.0.1/24 dev toedge",
            "addr add 2001:db8:f::1/64 dev toedge nodad",
            "link set toedge up");
        await Edge.ConfigureAsync(
            "addr add 100.64.0.2/24 dev wan",
            "addr add 2001:db8:f::2/64 dev wan nodad",
            "link set wan up",
            "route add default via 100.64.0.1 dev wan",
            "route add default via 2001:db8:f::1 dev wan");
        await Outside.ConfigureAsync(
            "route replace 10.20.0.0/24 via 100.64.0.2",
            "route replace 2001:db8:20::/64 via 2001:db8:f::2");

        // A veth wakes its peer for what XDP sends back (XDP_TX) only when the peer has a program too; without one those
        // frames pile up until the link stands still. A real network card needs no such thing.
        await PassProgram.AttachAsync(Outside, "toedge", _run);
    }

    /// <summary>Programs that hang on the wan interface: XDP, and traffic control in and out.</summary>
    public async Task<string> AttachedAsync()
    {
        const int tcxIngress = 46, tcxEgress = 47;
        var link = await Edge.TryAsync(["ip", "-o", "link", "show", "dev", Wan]);
        var qdisc = await Edge.TryAsync(["tc", "qdisc", "show", "dev", Wan]);
        List<string> found = [];
        if (link.Output.Contains("xdp", StringComparison.Ordinal))
        {
            found.Add("xdp program");
        }

        if (qdisc.Output.Contains("clsact", StringComparison.Ordinal))
        {
            found.Add("clsact qdisc");
        }

        var tcx = Edge.Do(() => File.Exists($"/proc/sys/net/ipv4/conf/{Wan}/forwarding")
            ? Native.CountPrograms(InterfaceIndex(Wan), tcxIngress) + Native.CountPrograms(InterfaceIndex(Wan), tcxEgress)
            : 0);
        if (tcx > 0)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"{tcx} tcx programs"));
        }

        return found.Count == 0 ? "nothing" : string.Join(", ", found);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var network in _namespaces)
        {
            await LabCleaner.RemoveAsync(network);
        }
    }

    internal static int InterfaceIndex(string name) =>
        System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .Single(i => string.Equals(i.Name, name, StringComparison.Ordinal))
            .GetIPProperties().GetIPv4Properties().Index;

    private NetNamespace Add(string role)
    {
        var network = new NetNamespace($"{_run.Name}-{role}", _run.Path);
        lock (_namespaces)
        {
            _namespaces.Add(network);
        }

        return network;
    }

    private LabHost Host(string role, string network4, string network6, int addresses) => new(
        Add(role),
        [.. Enumerable.Range(10, addresses).Select(n => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{network4}.{n}")))],
        [.. Enumerable.Range(1, addresses).Select(n => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:{network6}:{n:x}::10")))],
        $"{network4}.1",
        "fe80::1");

    private async Task BuildAsync()
    {
        foreach (var network in _namespaces)
        {
            await MakeAsync(network);
        }

        foreach (var router in new[] { Outside, Edge })
        {
            router.Set("ipv4/ip_forward", 1);
            router.Set("ipv6/conf/all/forwarding", 1);
        }

        await ConnectOutsiderAsync(Attacker, "toatk", "a");
        await ConnectOutsiderAsync(Second, "toatk2", "b");
        await ConnectOutsiderAsync(Client, "tocli", "c");
        await ConnectWanAsync();

        // Answers to invented sources end here in silence, as they would end somewhere in the world.
        await Outside.ConfigureAsync("route add blackhole 0.0.0.0/0", "route add blackhole ::/0");
        await Edge.ConfigureAsync(
            $"link add {Lan} type veth peer name {LabHost.Interface} netns {Server.Network.Name}",
            "addr add 10.20.0.1/24 dev lan",
            "addr add 2001:db8:20::1/64 dev lan nodad",
            "addr add fe80::1/64 dev lan nodad",
            "link set lan up");
        await Server.Network.ConfigureAsync(
            "addr add 10.20.0.10/24 dev eth0",
            "addr add 10.20.0.11/24 dev eth0",
            "addr add 2001:db8:20::10/64 dev eth0 nodad",

            // Deprecated: only who asks for it by name speaks from it (RFC 6724 §5, rule 3).
            "addr add 2001:db8:20::11/64 dev eth0 nodad preferred_lft 0",
            "link set eth0 up",
            "route add default via 10.20.0.1",
            "route add default via 2001:db8:20::1");
    }

    private static async Task MakeAsync(NetNamespace network)
    {
        await Tool.RunAsync(["ip", "netns", "add", network.Name]);
        await Tool.RunAsync(["ip", "-n", network.Name, "link", "set", "lo", "up"]);
        network.Set("ipv6/conf/all/accept_dad", 0);
        network.Set("ipv6/conf/default/accept_dad", 0);
        network.Set("ipv4/conf/all/rp_filter", 0);
        network.Set("ipv4/conf/default/rp_filter", 0);
    }

    private async Task ConnectOutsiderAsync(LabHost host, string link, string network6)
    {
        var network4 = host.Addresses4[0].ToString();
        network4 = network4[..network4.LastIndexOf('.')];
        await Outside.ConfigureAsync(
            $"link add {link} address {RouterMac} type veth peer name {LabHost.Interface} netns {host.Network.Name}",
            $"addr add {network4}.1/24 dev {link}",
            $"addr add fe80::1/64 dev {link} nodad",
            $"link set {link} up",
            $"route add 2001:db8:{network6}::/48 via fe80::2 dev {link}");
        await host.Network.ConfigureAsync(
            [
                .. host.Addresses4.Select(a => $"addr add {a}/24 dev eth0"),
                .. host.Addresses6.Select(a => $"addr add {a}/128 dev eth0 nodad"),
                "addr add fe80::2/64 dev eth0 nodad",
                "link set eth0 up",
                $"route add default via {network4}.1 dev eth0 src {host.Addresses4[0]}",
                $"route add default via fe80::1 dev eth0 src {host.Addresses6[0]}",
            ]);
    }
}
