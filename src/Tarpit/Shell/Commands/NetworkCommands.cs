using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands about the network of the machine itself. None sends anything.</summary>
internal static class NetworkCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ip"] = IpAsync,
        ["ifconfig"] = InterfaceAsync,
        ["netstat"] = NetstatAsync,
        ["ss"] = SocketsAsync,
        ["route"] = i => SystemCommands.PrintAsync(i, $"Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n{(i.Has('n') ? "0.0.0.0" : "default"),-15} {(i.Has('n') ? Gateway(i) : "_gateway"),-15} 0.0.0.0         UG    100    0        0 eth0\n{Prefix(i) + ".0",-15} 0.0.0.0         255.255.255.0   U     100    0        0 eth0\n"),
        ["arp"] = i => SystemCommands.PrintAsync(i, i.Has('a') ? $"{(i.Has('n') ? "?" : "_gateway")} ({Gateway(i)}) at {i.Machine.GatewayHardwareAddress} [ether] on eth0\n" : $"Address                  HWtype  HWaddress           Flags Mask            Iface\n{(i.Has('n') ? Gateway(i) : "_gateway"),-24} ether   {i.Machine.GatewayHardwareAddress}   C                     eth0\n"),
        ["ethtool"] = i => SystemCommands.PrintAsync(i, i.Has('i') ? "driver: virtio_net\nversion: 1.0.0\nbus-info: 0000:00:03.0\n" : $"Settings for {i.Operands.FirstOrDefault("eth0")}:\n\tSpeed: Unknown!\n\tDuplex: Unknown! (255)\n\tLink detected: yes\n"),
        ["resolvectl"] = i => SystemCommands.PrintAsync(i, $"Global\n         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\n  resolv.conf mode: stub\n\nLink 2 (eth0)\n    Current Scopes: DNS\n         Protocols: +DefaultRoute -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\nCurrent DNS Server: {Gateway(i)}\n       DNS Servers: {Gateway(i)}\n"),
        ["networkctl"] = i => SystemCommands.PrintAsync(i, "IDX LINK TYPE     OPERATIONAL SETUP     \n  1 lo   loopback carrier     unmanaged\n  2 eth0 ether    routable    configured\n\n2 links listed.\n"),
        ["iwconfig"] = i => SystemCommands.PrintAsync(i, "lo        no wireless extensions.\n\neth0      no wireless extensions.\n\n"),
        ["nft"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted"),
        ["ufw"] = i => i.State.Visit.UserId != 0 ? UfwAsync(i, "ERROR: You need to be root to run this script\n", 1) : UfwAsync(i, i.Operands switch { ["status", ..] => "Status: inactive\n", ["disable"] => "Firewall stopped and disabled on system startup\n", ["enable" or "reload"] => "Firewall not enabled (skipping reload)\n", ["allow" or "deny" or "reject" or "limit" or "delete", ..] => "Rules updated\nRules updated (v6)\n", _ => "Status: inactive\n" }, 0),
        ["tcpdump"] = CaptureAsync,
        ["hping3"] = i => i.FailAsync("[open_sockraw] socket(): Operation not permitted"),
        ["ipcalc"] = i => SystemCommands.PrintAsync(i, $"Address:   {i.Operands.FirstOrDefault("")}\n"),
    };

    private static readonly string[] s_objects = ["r", "ro", "route", "n", "neigh", "neighbor", "neighbour", "rule", "netns", "tunnel", "maddr", "l", "link", "a", "addr", "address", "ad", "help", "monitor", "tuntap", "netconf", "nexthop", "mroute", "vrf", "xfrm", "tcp_metrics", "stats", "sr", "mptcp", "macsec", "token"];

    private static async ValueTask<int> ToErrorAsync(Invocation i, string text, int status)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static string Prefix(Invocation i) => Network.Prefix(i.State.Visit.Memory.Address);

    private static string Gateway(Invocation i) => Network.Gateway(i.State.Visit.Memory.Address);

    private static string Own(Invocation i) => Network.Own(i.State.Visit.Memory.Address).ToString();

    private static ValueTask<int> UfwAsync(Invocation i, string text, int status) => SystemCommands.PrintAsync(i, text, status);

    private static ValueTask<int> IpAsync(Invocation i)
    {
        string address = Own(i);
        string[] words = [.. i.Operands];
        string kind = words.FirstOrDefault("");
        bool isBrief = i.Arguments.Any(argument => argument is "-br" or "-brief"), only4 = i.Arguments.Contains("-4", StringComparer.Ordinal), isOneLine = i.Arguments.Contains("-o", StringComparer.Ordinal);
        if (words.Any(word => word is "add" or "del" or "set" or "flush" or "replace") && i.State.Visit.UserId != 0)
        {
            return SystemCommands.PrintAsync(i, "RTNETLINK answers: Operation not permitted\n", 2);
        }

        if (kind is "l" or "link" or "a" or "addr" or "address" or "ad" && words.Length > 1 && words.Contains("show", StringComparer.Ordinal) && words[^1] is not ("show" or "up" or "lo" or "eth0" or "dev" or "scope" or "global" or "host" or "list" or "link"))
        {
            return ToErrorAsync(i, $"Device \"{words[^1]}\" does not exist.\n", 1);
        }

        return kind.Length > 0 && !s_objects.Contains(kind, StringComparer.Ordinal) ? ToErrorAsync(i, $"Object \"{kind}\" is unknown, try \"ip help\".\n", 1) : SystemCommands.PrintAsync(i, kind switch
        {
            _ when words.Any(word => word is "add" or "del" or "set" or "flush" or "replace") => "",
            "r" or "ro" or "route" when words.Contains("get", StringComparer.Ordinal) => $"{words[^1]} via {Gateway(i)} dev eth0 src {address} uid {i.State.Visit.UserId} \n    cache \n",
            "r" or "ro" or "route" => $"default via {Gateway(i)} dev eth0 proto dhcp src {address} metric 100 \n{Prefix(i)}.0/24 dev eth0 proto kernel scope link src {address} metric 100 \n{Gateway(i)} dev eth0 proto dhcp scope link src {address} metric 100 \n",
            "n" or "neigh" or "neighbor" or "neighbour" => $"{Gateway(i)} dev eth0 lladdr {i.Machine.GatewayHardwareAddress} REACHABLE \n",
            "rule" => "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n",
            "netns" or "tunnel" or "maddr" => "",
            "l" or "link" or "a" or "addr" or "address" or "ad" => Interfaces(i, words, kind[0] == 'a', only4, isBrief, isOneLine),
            "" => "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\nwhere  OBJECT := { address | addrlabel | fou | help | ila | ioam | l2tp | link |\n                   macsec | maddress | monitor | mptcp | mroute | mrule |\n                   neighbor | neighbour | netconf | netns | nexthop | ntable |\n                   ntbl | route | rule | sr | stats | tap | tcpmetrics |\n                   token | tunnel | tuntap | vrf | xfrm }\n",
            _ => "",
        });
    }

    // Of one device, or of both.
    private static string Interfaces(Invocation i, string[] words, bool hasAddresses, bool only4, bool isBrief, bool isOneLine)
    {
        string address = Own(i), mac = i.Machine.HardwareAddress, link = Network.LinkLocal(i.Machine);
        string? scope = words.SkipWhile(word => word is not "scope").ElementAtOrDefault(1);
        words = [.. words.Where((word, at) => word is not ("scope" or "primary" or "permanent" or "dynamic") && (at == 0 || words[at - 1] is not ("scope" or "type")) && word is not "type")];
        if (words.Skip(1).FirstOrDefault(word => word is not ("show" or "list" or "dev" or "up" or "sh" or "s" or "lo" or "eth0")) is { } unknown)
        {
            return $"Device \"{unknown}\" does not exist.\n";
        }

        string mode = hasAddresses ? "" : "mode DEFAULT ", ethernet = $"2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP {mode}group default qlen 1000\n    link/ether {mac} brd ff:ff:ff:ff:ff:ff\n    altname enp0s3\n    altname ens3\n";
        string loopback = $"1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN {mode}group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n";
        if (isBrief)
        {
            (loopback, ethernet) = hasAddresses ? ($"lo               UNKNOWN        127.0.0.1/8 {(only4 ? "" : "::1/128 ")}\n", $"eth0             UP             {address}/24 metric 100 {(only4 ? "" : $"{link}/64 ")}\n")
                : ("lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> \n", $"eth0             UP             {mac} <BROADCAST,MULTICAST,UP,LOWER_UP> \n");
        }
        else if (isOneLine && hasAddresses)
        {
            loopback = $"1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n";
            ethernet = $"2: eth0    inet {address}/24 metric 100 brd {Prefix(i)}.255 scope global dynamic eth0\\       valid_lft 84126sec preferred_lft 84126sec\n{(only4 ? "" : $"2: eth0    inet6 {link}/64 scope link \\       valid_lft forever preferred_lft forever\n")}";
        }
        else if (hasAddresses)
        {
            loopback += $"    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n{(only4 ? "" : "    inet6 ::1/128 scope host noprefixroute \n       valid_lft forever preferred_lft forever\n")}";
            ethernet += $"    inet {address}/24 metric 100 brd {Prefix(i)}.255 scope global dynamic eth0\n       valid_lft 84126sec preferred_lft 84126sec\n{(only4 ? "" : $"    inet6 {link}/64 scope link \n       valid_lft forever preferred_lft forever\n")}";
        }

        // The loopback has no address of that scope, and the link has none but the one of version 6.
        if (scope is "global")
        {
            (loopback, ethernet) = ("", isBrief ? ethernet.Replace($" {link}/64", "", StringComparison.Ordinal) : ethernet.Replace($"    inet6 {link}/64 scope link \n       valid_lft forever preferred_lft forever\n", "", StringComparison.Ordinal));
        }

        return words.Contains("eth0", StringComparer.Ordinal) ? ethernet : words.Contains("lo", StringComparer.Ordinal) ? loopback : loopback + ethernet;
    }

    private static ValueTask<int> InterfaceAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        (long received, long sent) = Network.Traffic(i.Machine);
        string ethernet = string.Create(CultureInfo.InvariantCulture, $"eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet {Own(i)}  netmask 255.255.255.0  broadcast {Prefix(i)}.255\n        inet6 {Network.LinkLocal(i.Machine)}  prefixlen 64  scopeid 0x20<link>\n        ether {i.Machine.HardwareAddress}  txqueuelen 1000  (Ethernet)\n        RX packets {received / 740}  bytes {received} ({received / 1e6:0.0} MB)\n        RX errors 0  dropped 0  overruns 0  frame 0\n        TX packets {sent / 610}  bytes {sent} ({sent / 1e6:0.0} MB)\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n\n");
        string loopback = string.Create(CultureInfo.InvariantCulture, $"lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        inet6 ::1  prefixlen 128  scopeid 0x10<host>\n        loop  txqueuelen 1000  (Local Loopback)\n        RX packets {sent / 900}  bytes {sent / 9} ({sent / 9e6:0.0} MB)\n        RX errors 0  dropped 0  overruns 0  frame 0\n        TX packets {sent / 900}  bytes {sent / 9} ({sent / 9e6:0.0} MB)\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n\n");
        return name switch { "" => SystemCommands.PrintAsync(i, ethernet + loopback), "eth0" => SystemCommands.PrintAsync(i, ethernet), "lo" => SystemCommands.PrintAsync(i, loopback), _ => ToErrorAsync(i, $"{name}: error fetching interface information: Device not found\n", 1) };
    }

    private static IEnumerable<SystemSocket> Wanted(Invocation i)
    {
        bool tcp = i.Has('t', "tcp"), udp = i.Has('u', "udp"), listening = i.Has('l', "listening"), all = i.Has('a', "all");
        return Sockets.All(i.State.Visit.Memory).Where(socket => (!(tcp || udp) || (socket.Protocol is "tcp" ? tcp : udp)) && (all || (socket.State is "ESTAB" ? !listening : listening)));
    }

    private static string Program(Invocation i, SystemSocket socket) => socket.Program is "sshd" && socket.State is "ESTAB" ? "sshd" : socket.Program;

    private static async ValueTask<int> SocketsAsync(Invocation i)
    {
        if (i.Has('s', "summary"))
        {
            int established = Sockets.All(i.State.Visit.Memory).Count(socket => socket.State is "ESTAB");
            return await SystemCommands.PrintAsync(i, $"Total: {160 + established}\nTCP:   {20 + established} (estab {established}, closed 0, orphaned 0, timewait 0)\n");
        }

        bool tcp = i.Has('t', "tcp"), udp = i.Has('u', "udp"), hasKind = tcp == udp, hasProcess = i.Has('p', "processes") && i.State.Visit.UserId == 0;
        StringBuilder text = new(i.Has('H', "no-header") ? "" : $"{(hasKind ? "Netid " : "")}State  Recv-Q Send-Q      Local Address:Port    Peer Address:Port {(i.Has('p', "processes") ? "Process" : "")}\n");
        foreach (SystemSocket socket in Wanted(i))
        {
            text.Append(CultureInfo.InvariantCulture, $"{(hasKind ? $"{socket.Protocol,-6}" : "")}{socket.State,-6} {0,-6} {(socket.State is "LISTEN" ? socket.Backlog : 0),-6} {socket.Local,23} {socket.Peer,19} {(hasProcess ? $"users:((\"{Program(i, socket)}\",pid={socket.Process},fd={socket.Descriptor}))" : "")}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static async ValueTask<int> NetstatAsync(Invocation i)
    {
        if (i.Has('r', "route"))
        {
            return await SystemCommands.PrintAsync(i, $"Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n{(i.Has('n') ? "0.0.0.0" : "default"),-15} {(i.Has('n') ? Gateway(i) : "_gateway"),-15} 0.0.0.0         UG        0 0          0 eth0\n{Prefix(i) + ".0",-15} 0.0.0.0         255.255.255.0   U         0 0          0 eth0\n");
        }

        bool listening = i.Has('l', "listening"), all = i.Has('a', "all"), hasProcess = i.Has('p', "programs");
        StringBuilder text = new($"Active Internet connections ({(all ? "servers and established" : listening ? "only servers" : "w/o servers")})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      {(hasProcess ? " PID/Program name    " : "")}\n");
        foreach (SystemSocket socket in Wanted(i))
        {
            string state = socket.State switch { "LISTEN" => "LISTEN", "ESTAB" => "ESTABLISHED", _ => "" };
            bool is6 = socket.Local[0] is '[' or '*';
            string local = socket.Local.Replace("[::]", "::", StringComparison.Ordinal).Replace("*:", ":::", StringComparison.Ordinal).Replace("%lo", "", StringComparison.Ordinal), peer = is6 ? ":::*" : socket.Peer;
            text.Append(CultureInfo.InvariantCulture, $"{(is6 ? socket.Protocol + "6" : socket.Protocol),-5} {0,6} {0,6} {local,-23} {peer,-23} {state,-11}{(hasProcess ? i.State.Visit.UserId == 0 ? $" {socket.Process}/{Program(i, socket),-20}" : " -                   " : "")}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static async ValueTask<int> CaptureAsync(Invocation i)
    {
        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync("eth0: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)");
        }

        await i.Streams.Error.WriteAsync("tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n", i.Cancellation);
        LoginRecord? own = i.State.Visit.Memory.Logins.LastOrDefault(login => login.Until is null);
        int most = Math.Clamp(i.Number('c', 1000), 1, 1000);
        for (int n = 0; n < most; n++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(700), i.Machine.Time, i.Cancellation);
            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{i.Machine.Now:HH:mm:ss.ffffff} IP {Own(i)}.ssh > {own?.From ?? IPAddress.Loopback.ToString()}.{own?.Port ?? 50000}: Flags [P.], seq {n * 188}:{(n + 1) * 188}, ack 1, win 501, length 188\n"));
        }

        return 0;
    }
}
