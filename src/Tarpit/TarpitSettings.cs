namespace Blackwall.Tarpit;

/// <summary>What an operator sets about the tarpit, as the host hands it to the process that runs it.</summary>
public sealed record TarpitSettings
{
    public const string AcceptByAttempt = "attempt";
    public const string AcceptList = "list";
    public const string AcceptAlways = "always";
    public const string AcceptNever = "never";

    public const string HoldNone = "off";
    public const string HoldLooking = "looking";
    public const string HoldAll = "all";

    /// <summary>How slowly programs write: "off", "gentle" or "full".</summary>
    public string Pacing { get; init; } = "gentle";

    /// <summary>Which clients of SSH and HTTP are held with lines that mean nothing: "off", "looking" or "all".</summary>
    public string HoldScanners { get; init; } = HoldNone;

    /// <summary>Which sshd it is: "ubuntu-24.04" or "debian-12".</summary>
    public string Persona { get; init; } = "ubuntu-24.04";

    /// <summary>Which passwords let a peer in: "attempt", "list", "always" or "never".</summary>
    public string Accept { get; init; } = AcceptByAttempt;

    /// <summary>With "attempt": which try of an address is right, from 1.</summary>
    public int AcceptAttempt { get; init; } = 3;

    /// <summary>With "list": "user:password".</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Whether SSH offers keyboard-interactive too.</summary>
    public bool KeyboardInteractive { get; init; }

    /// <summary>Connections at once, of all peers and of one address.</summary>
    public int MaxConnections { get; init; } = 4096;

    public int MaxConnectionsPerAddress { get; init; } = 20;

    /// <summary>sshd's MaxStartups: connections without a login at which it begins to refuse, percent refused at first, and where all are.</summary>
    public string MaxStartups { get; init; } = "10:30:100";

    /// <summary>Whether a text can be <see cref="MaxStartups"/>.</summary>
    public static bool IsMaxStartups(string text) => Detection.Startups.Parse(text) is not null;

    /// <summary>Seconds without a word of the peer after which its session ends.</summary>
    public int IdleSeconds { get; init; } = 1800;

    /// <summary>How slow logins and commands answer: 1 as a real machine, 0 at once.</summary>
    public double DelayScale { get; init; } = 1;

    /// <summary>Bytes of one uploaded file that are kept.</summary>
    public long MaxFileBytes { get; init; } = 10 << 20;

    /// <summary>Bytes that one visitor may add to the file system that he sees.</summary>
    public long MaxVisitorBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of mails, bodies, packets and values that peers of all services may be in the middle of sending.</summary>
    public long MaxBytesInProgress { get; init; } = 96 << 20;

    /// <summary>Whether the web shows the operator's own decoy, which the host connects to, in the place of our applications.</summary>
    public bool HasDecoy { get; init; }

    /// <summary>Whether a language model may say what programs print that the shell does not know.</summary>
    public bool Improvises { get; init; }

    /// <summary>Milliseconds that such a program waits for its first line.</summary>
    public int ImproviseMilliseconds { get; init; } = 1500;

    /// <summary>Whether there is a note that only a program led by a language model would follow.</summary>
    public bool HasAgentBait { get; init; } = true;

    /// <summary>Addresses of proxies whose PROXY header is believed.</summary>
    public IReadOnlyList<string> ProxySources { get; init; } = [];
}
