using System.Globalization;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands about the network. None sends anything.</summary>
internal static class NetworkCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ip"] = IpAsync,
        ["ifconfig"] = InterfaceAsync,
        ["netstat"] = i => SocketsAsync(i, "Active Internet connections (servers and established)\nProto Recv-Q Send-Q Local Address           Foreign Address         State      \n", "{0} 0 0 {1} {2} {3}"),
        ["ss"] = i => SocketsAsync(i, "Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port\n", "{0} {3} 0 0 {1} {2}"),
        ["route"] = i => SystemCommands.PrintAsync(i, $"Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\ndefault         _gateway        0.0.0.0         UG    100    0        0 eth0\n{Subnet(i)}.0      0.0.0.0         255.255.255.0   U     100    0        0 eth0\n"),
        ["arp"] = i => SystemCommands.PrintAsync(i, $"Address                  HWtype  HWaddress           Flags Mask            Iface\n_gateway                 ether   {i.Machine.HardwareAddress[..9]}00:00:01   C                     eth0\n"),
        ["ping"] = PingAsync,
        ["ping6"] = PingAsync,
        ["nslookup"] = ResolveAsync,
        ["dig"] = ResolveAsync,
        ["host"] = ResolveAsync,
        ["resolvectl"] = i => SystemCommands.PrintAsync(i, "Global\n         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\n  resolv.conf mode: stub\n"),
        ["nc"] = ConnectAsync,
        ["ncat"] = ConnectAsync,
        ["telnet"] = ConnectAsync,
        ["ssh"] = ConnectAsync,
        ["tracepath"] = i => SystemCommands.PrintAsync(i, " 1?: [LOCALHOST]                      pmtu 1500\n"),
    };

    private static string Subnet(Invocation i)
    {
        string address = i.State.Visit.Local.Address.ToString();
        int dot = address.LastIndexOf('.');
        return dot < 0 ? "10.0.0" : address[..dot];
    }

    private static ValueTask<int> IpAsync(Invocation i)
    {
        string address = i.State.Visit.Local.Address.ToString(), mac = i.Machine.HardwareAddress;
        bool v6 = address.Contains(':', StringComparison.Ordinal);
        return SystemCommands.PrintAsync(i, (i.Operands.Count > 0 ? i.Operands[0] : "") switch
        {
            "r" or "ro" or "route" => $"default via {Subnet(i)}.1 dev eth0 proto dhcp src {(v6 ? Subnet(i) + ".15" : address)} metric 100 \n{Subnet(i)}.0/24 dev eth0 proto kernel scope link src {(v6 ? Subnet(i) + ".15" : address)} metric 100 \n",
            "n" or "neigh" => $"{Subnet(i)}.1 dev eth0 lladdr {mac[..9]}00:00:01 REACHABLE\n",
            "l" or "link" => $"1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP mode DEFAULT group default qlen 1000\n    link/ether {mac} brd ff:ff:ff:ff:ff:ff\n",
            _ => $"1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n    inet6 ::1/128 scope host noprefixroute \n       valid_lft forever preferred_lft forever\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether {mac} brd ff:ff:ff:ff:ff:ff\n    altname enp0s3\n    altname ens3\n    {(v6 ? $"inet6 {address}/64" : $"inet {address}/24 metric 100 brd {Subnet(i)}.255")} scope global dynamic eth0\n       valid_lft 84126sec preferred_lft 84126sec\n",
        });
    }

    private static ValueTask<int> InterfaceAsync(Invocation i) => SystemCommands.PrintAsync(i, $"eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet {i.State.Visit.Local.Address}  netmask 255.255.255.0  broadcast {Subnet(i)}.255\n        ether {i.Machine.HardwareAddress}  txqueuelen 1000  (Ethernet)\n\nlo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        loop  txqueuelen 1000  (Local Loopback)\n");

    private static async ValueTask<int> SocketsAsync(Invocation i, string head, string format)
    {
        List<(string, string, string, string)> rows =
        [
            ("tcp", "127.0.0.53%lo:53", "0.0.0.0:*", "LISTEN"), ("tcp", "127.0.0.1:3306", "0.0.0.0:*", "LISTEN"), ("tcp", "0.0.0.0:22", "0.0.0.0:*", "LISTEN"), ("tcp", "*:80", "*:*", "LISTEN"),
            ("tcp", string.Create(CultureInfo.InvariantCulture, $"{i.State.Visit.Local.Address}:{i.State.Visit.Local.Port}"), string.Create(CultureInfo.InvariantCulture, $"{i.State.Visit.Remote.Address}:{i.State.Visit.Remote.Port}"), "ESTABLISHED"),
        ];
        bool listening = i.Has('l'), all = i.Has('a');
        await i.PrintAsync(head + string.Concat(rows.Where(r => all || (listening == (r.Item4 is "LISTEN"))).Select(r => Row(format, r) + "\n")));
        return 0;
    }

    private static string Row(string format, (string, string, string, string) row) => format
        .Replace("{0}", row.Item1.PadRight(5), StringComparison.Ordinal).Replace("{1}", row.Item2.PadRight(23), StringComparison.Ordinal)
        .Replace("{2}", row.Item3.PadRight(23), StringComparison.Ordinal).Replace("{3}", row.Item4.PadRight(11), StringComparison.Ordinal);

    private static async ValueTask<int> PingAsync(Invocation i)
    {
        string host = i.OperandsWithout("cWiIst").FirstOrDefault("");
        if (host.Length == 0)
        {
            return await i.FailAsync("usage error: Destination address required");
        }

        if (!System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address) && host is not "localhost")
        {
            await i.WaitAsync(2);
            return await i.FailAsync($"{host}: Temporary failure in name resolution", 2);
        }

        int count = i.Number('c', 4);
        bool local = host is "localhost" || System.Net.IPAddress.IsLoopback(address!);
        await i.PrintAsync($"PING {host} ({(local ? "127.0.0.1" : host)}) 56(84) bytes of data.\n");
        for (int n = 1; n <= Math.Clamp(count, 1, 20); n++)
        {
            if (local)
            {
                await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"64 bytes from {host} (127.0.0.1): icmp_seq={n} ttl=64 time=0.0{20 + n} ms\n"));
            }

            await i.WaitAsync(1);
        }

        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"\n--- {host} ping statistics ---\n{count} packets transmitted, {(local ? count : 0)} received, {(local ? 0 : 100)}% packet loss, time {(count - 1) * 1012}ms\n{(local ? "rtt min/avg/max/mdev = 0.021/0.023/0.026/0.001 ms\n" : "\n")}"));
        return local ? 0 : 1;
    }

    private static async ValueTask<int> ResolveAsync(Invocation i)
    {
        await i.WaitAsync(5);
        return i.Name is "dig" ? await SystemCommands.PrintAsync(i, ";; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n") + 9
            : await SystemCommands.PrintAsync(i, ";; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n\n") + 1;
    }

    private static async ValueTask<int> ConnectAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.OperandsWithout("pislowWe");
        string host = operands.FirstOrDefault("");
        i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
        await i.WaitAsync(10);
        await i.Streams.Error.WriteAsync(i.Name is "ssh" ? $"ssh: connect to host {host.Split('@')[^1]} port 22: Connection timed out\n" : $"{i.Name}: connect to {host} port {operands.Skip(1).FirstOrDefault("")} (tcp) failed: Connection timed out\n", i.Cancellation);
        return i.Name is "ssh" ? 255 : 1;
    }
}
