using System.Net;
using Blackwall.Config;
using Blackwall.Tarpit;

namespace Blackwall.Bridges.Tarpit;

/// <summary>[tarpit]: whether attackers who may be diverted meet an emulated server, and what it is like.</summary>
public sealed class TarpitOptions
{
    private const string Udp = "udp:";
    private const int DnsPort = 53;

    private static readonly string[] Pacings = ["off", "gentle", "full"];
    private static readonly string[] Holds = [TarpitSettings.HoldNone, TarpitSettings.HoldLooking, TarpitSettings.HoldAll];
    private static readonly string[] Personas = ["ubuntu-24.04", "debian-12"];
    private static readonly string[] Policies = [TarpitSettings.AcceptByAttempt, TarpitSettings.AcceptList, TarpitSettings.AcceptAlways, TarpitSettings.AcceptNever];

    public bool Enabled { get; set; }

    /// <summary>Where it runs; "none" is for debugging.</summary>
    public TarpitIsolation Isolation { get; set; } = TarpitIsolation.Process;

    /// <summary>TCP port that diverted flows go to, on an address of the guarded interface; nobody reaches it but by diversion. 1..65,535.</summary>
    public ushort Port { get; set; } = 18_022;

    /// <summary>"address:port" where it listens beside, for everybody; "udp:address:53" for DNS over UDP.</summary>
    public IReadOnlyList<string> Listen { get; set; } = [];

    public string Persona { get; set; } = "ubuntu-24.04";

    public string Accept { get; set; } = TarpitSettings.AcceptByAttempt;

    /// <summary>Which password of an address is right; 1..1000.</summary>
    public int AcceptAttempt { get; set; } = 3;

    /// <summary>"user:password"; with accept = "list".</summary>
    public IReadOnlyList<string> Credentials { get; set; } = [];

    public bool KeyboardInteractive { get; set; }

    /// <summary>1..65,536.</summary>
    public int MaxConnections { get; set; } = 4096;

    /// <summary>Of one address, of IPv6 one /64; 1..65,536.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 20;

    /// <summary>sshd's MaxStartups, "begin:percent:full".</summary>
    public string MaxStartups { get; set; } = "10:30:100";

    /// <summary>10..86,400.</summary>
    public int IdleSeconds { get; set; } = 1800;

    /// <summary>Percent of a real machine's slowness with logins; 0..1000.</summary>
    public int DelayPercent { get; set; } = 100;

    /// <summary>Memory of the process; 128..65,536 MiB.</summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>What the process may write to its own folder, which is memory; 1..65,536 MiB.</summary>
    public int StateMegabytes { get; set; } = 64;

    public int VisitorsMegabytes { get; set; } = 2048;

    /// <summary>One uploaded file that is kept; 1..1024 MiB.</summary>
    public int MaxFileMegabytes { get; set; } = 10;

    /// <summary>Number of the user that the process runs as; of nobody else. 1..2,147,483,647.</summary>
    public int UserId { get; set; } = 64_711;

    /// <summary>Addresses of proxies whose PROXY header is believed.</summary>
    public IReadOnlyList<string> ProxySources { get; set; } = [];

    /// <summary>How slowly programs write: "off", "gentle" or "full".</summary>
    public string Pacing { get; set; } = "gentle";

    /// <summary>Which clients of SSH and HTTP are held with lines that mean nothing: "off", "looking" or "all".</summary>
    public string HoldScanners { get; set; } = TarpitSettings.HoldNone;

    /// <summary>"user:password", planted by the operator: their use anywhere on this node is evidence.</summary>
    public IReadOnlyList<string> Canaries { get; set; } = [];

    /// <summary>Whether there is a note that only a program led by a language model would follow.</summary>
    public bool AgentBait { get; set; } = true;

    public IReadOnlyList<IPEndPoint> ListenPoints => [.. Listen.Where(text => !text.StartsWith(Udp, StringComparison.Ordinal)).Select(IPEndPoint.Parse)];

    /// <summary>Where datagrams are taken.</summary>
    public IReadOnlyList<IPEndPoint> DatagramPoints => [.. Listen.Where(text => text.StartsWith(Udp, StringComparison.Ordinal)).Select(text => IPEndPoint.Parse(text.AsSpan(Udp.Length)))];

    /// <summary>"http://ADDRESS:PORT" of the operator's own decoy, shown at the ports of the web in the place of the built-in website; empty: none.</summary>
    public string Decoy { get; set; } = "";

    /// <summary>Where the decoy is; null: there is none.</summary>
    public IPEndPoint? DecoyPoint => Decoy.Length == 0 ? null : ReadDecoy(Decoy);

    public TarpitSettings ToSettings() => new()
    {
        Persona = Persona,
        Accept = Accept,
        AcceptAttempt = AcceptAttempt,
        Credentials = Credentials,
        KeyboardInteractive = KeyboardInteractive,
        MaxConnections = MaxConnections,
        MaxConnectionsPerAddress = MaxConnectionsPerAddress,
        MaxStartups = MaxStartups,
        Pacing = Pacing,
        HoldScanners = HoldScanners,
        IdleSeconds = IdleSeconds,
        DelayScale = DelayPercent / 100.0,
        MaxFileBytes = (long)MaxFileMegabytes << 20,
        ProxySources = ProxySources,
        HasDecoy = Decoy.Length > 0,
        HasAgentBait = AgentBait,
    };

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<TarpitOptions>("tarpit", "The emulated server that attackers who may be diverted meet.", new TarpitOptions())
            .Flag("enabled", "Whether it runs.", o => o.Enabled, (o, v) => o.Enabled = v)
            .Choice("isolation", "Where it runs: process is a confined process with its own user and network; none is for debugging.", o => o.Isolation, (o, v) => o.Isolation = v)
            .Integer("port", "TCP port on the guarded interface that diverted flows go to; nobody reaches it but by diversion.", 1, 65_535, o => o.Port, (o, v) => o.Port = (ushort)v)
            .List("listen", "Addresses and ports at which it listens for everybody, at most 32: \"0.0.0.0:2222\"; \"udp:192.0.2.1:53\" for DNS over UDP.", o => o.Listen, (o, v) => SetAll(v, IsListenPoint, list => o.Listen = list, "must be a list of at most 32 addresses (no names) with ports: [\"0.0.0.0:2222\", \"udp:192.0.2.1:53\"]; for UDP one own address and port 53"))
            .Text("persona", "What it pretends to be: \"ubuntu-24.04\" or \"debian-12\".", o => o.Persona, (o, v) => SetWord(v, Personas, word => o.Persona = word))
            .Text("accept", "Which logins get in: \"attempt\" the one that accept_attempt names, \"list\" those in credentials, \"always\" or \"never\".", o => o.Accept, (o, v) => SetWord(v, Policies, word => o.Accept = word))
            .Integer("accept_attempt", "Which password of an address is right, with accept = \"attempt\".", 1, 1000, o => o.AcceptAttempt, (o, v) => o.AcceptAttempt = (int)v)
            .List("credentials", "Pairs \"user:password\" that get in, at most 32; with accept = \"list\".", o => o.Credentials, (o, v) => SetAll(v, text => text.IndexOf(':', StringComparison.Ordinal) > 0, list => o.Credentials = list, "must be a list of at most 32 pairs: [\"root:toor\"]", isSecret: true))
            .List("canaries", "Pairs \"user:password\" that you planted, at most 32: their use anywhere on this node is evidence.", o => o.Canaries, (o, v) => SetAll(v, text => text.Contains(':', StringComparison.Ordinal) && text.Length is > 4 and <= 256, list => o.Canaries = list, "must be a list of at most 32 pairs, each of 5 to 256 characters: [\"backup:Tr0ub4dor\"]", isSecret: true))
            .Flag("agent_bait", "Whether the emulated server holds a note (AGENTS.md) with a command that only a program led by a language model would run: who runs it is told as such.", o => o.AgentBait, (o, v) => o.AgentBait = v)
            .Flag("keyboard_interactive", "Whether SSH offers keyboard-interactive beside password.", o => o.KeyboardInteractive, (o, v) => o.KeyboardInteractive = v)
            .Integer("max_connections", "Connections at once.", 1, 65_536, o => o.MaxConnections, (o, v) => o.MaxConnections = (int)v)
            .Integer("max_connections_per_address", "Connections at once of one address; of IPv6, of one /64.", 1, 65_536, o => o.MaxConnectionsPerAddress, (o, v) => o.MaxConnectionsPerAddress = (int)v)
            .Text("pacing", "How slowly programs write: \"off\", \"gentle\" or \"full\".", o => o.Pacing, (o, v) => SetWord(v, Pacings, word => o.Pacing = word))
            .Text("hold_scanners", "Which clients of SSH and HTTP are held with lines that mean nothing: \"off\", \"looking\" or \"all\".", o => o.HoldScanners, (o, v) => SetWord(v, Holds, word => o.HoldScanners = word))
            .Text("max_startups", "SSH connections without a login, as MaxStartups of sshd: \"begin:percent:full\".", o => o.MaxStartups, (o, v) => SetMaxStartups(o, v))
            .Integer("idle_seconds", "Seconds after which a session without input ends.", 10, 86_400, o => o.IdleSeconds, (o, v) => o.IdleSeconds = (int)v)
            .Integer("delay_percent", "Delay of logins, in percent of that of a real machine.", 0, 1000, o => o.DelayPercent, (o, v) => o.DelayPercent = (int)v)
            .Integer("memory_megabytes", "Memory of the process, MiB.", 128, 65_536, o => o.MemoryMegabytes, (o, v) => o.MemoryMegabytes = (int)v)
            .Integer("state_megabytes", "What the process may write to its own folder, which is memory, MiB.", 1, 65_536, o => o.StateMegabytes, (o, v) => o.StateMegabytes = (int)v)
            .Integer("visitors_megabytes", "What visitors changed on the emulated machine, kept 30 days for their next visit: MiB of all of them.", 1, 1_048_576, o => o.VisitorsMegabytes, (o, v) => o.VisitorsMegabytes = (int)v)
            .Integer("max_file_megabytes", "Size of one uploaded file that is kept, MiB.", 1, 1024, o => o.MaxFileMegabytes, (o, v) => o.MaxFileMegabytes = (int)v)
            .Text("decoy", "\"http://ADDRESS:PORT\" of a website of your own that is shown in place of the built-in one; empty: none.", o => o.Decoy, (o, v) => v.Length == 0 || ReadDecoy(v) is not null ? Set(o, v) : "must be http:// with an address and a port, no name: \"http://10.0.0.5:8080\"")
            .Integer("user_id", "Number of the user that the process runs as; no other process may have it.", 1, int.MaxValue, o => o.UserId, (o, v) => o.UserId = (int)v)
            .List("proxy_sources", "Addresses of proxies whose PROXY header is believed, at most 32.", o => o.ProxySources, (o, v) => SetAll(v, text => IPAddress.TryParse(text, out _), list => o.ProxySources = list, "must be a list of at most 32 addresses: [\"192.0.2.1\"]"))
            .Together(o => o.Accept is TarpitSettings.AcceptList && o.Credentials.Count == 0 ? "tarpit.accept = \"list\" lets in whom tarpit.credentials names, and that is empty." : null),
    ];

    // An answer must come from the address that was asked, so a socket for datagrams has one.
    private static bool IsListenPoint(string text)
    {
        bool isUdp = text.StartsWith(Udp, StringComparison.Ordinal);
        return IPEndPoint.TryParse(isUdp ? text.AsSpan(Udp.Length) : text, out IPEndPoint? point) && point.Port != 0
            && (!isUdp || (point.Port == DnsPort && !point.Address.Equals(IPAddress.Any) && !point.Address.Equals(IPAddress.IPv6Any)));
    }

    private static string? SetMaxStartups(TarpitOptions options, string value)
    {
        if (!TarpitSettings.IsMaxStartups(value))
        {
            return "must be three numbers, as sshd has it: \"10:30:100\"";
        }

        options.MaxStartups = value;
        return null;
    }

    private static string? Set(TarpitOptions options, string decoy)
    {
        options.Decoy = decoy;
        return null;
    }

    // A name is none: whoever answers for names would choose where the host connects to.
    private static IPEndPoint? ReadDecoy(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" } && IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address)
            && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(address, uri.Port) : null;

    private static string? SetWord(string value, string[] words, Action<string> set)
    {
        if (Array.IndexOf(words, value) < 0)
        {
            return $"must be one of {string.Join(", ", words.Select(word => $"\"{word}\""))}";
        }

        set(value);
        return null;
    }

    private static string? SetAll(IReadOnlyList<string> values, Func<string, bool> isRight, Action<IReadOnlyList<string>> set, string sentence, bool isSecret = false)
    {
        const int most = 32;
        if (values.Count > most)
        {
            return sentence;
        }

        if (values.FirstOrDefault(value => !isRight(value)) is { } wrong)
        {
            return isSecret ? sentence : $"{sentence}; \"{wrong}\" is none";
        }

        set(values);
        return null;
    }
}
