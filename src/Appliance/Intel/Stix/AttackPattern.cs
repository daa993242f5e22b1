namespace Blackwall.Intel.Stix;

/// <summary>A technique of MITRE ATT&amp;CK.</summary>
/// <param name="Technique">"T1110".</param>
/// <param name="Name">Its name there.</param>
/// <param name="Phase">Kill chain phase, as ATT&amp;CK spells it: "credential-access".</param>
internal sealed record AttackPattern(string Technique, string Name, string Phase)
{
    private static readonly AttackPattern ActiveScanning = new("T1595", "Active Scanning", "reconnaissance");
    private static readonly AttackPattern ServiceDiscovery = new("T1046", "Network Service Discovery", "discovery");
    private static readonly AttackPattern BruteForce = new("T1110", "Brute Force", "credential-access");
    private static readonly AttackPattern VulnerabilityScanning = new("T1595.002", "Vulnerability Scanning", "reconnaissance");
    private static readonly AttackPattern ExploitPublic = new("T1190", "Exploit Public-Facing Application", "initial-access");
    private static readonly AttackPattern ValidAccounts = new("T1078", "Valid Accounts", "initial-access");
    private static readonly AttackPattern Interpreter = new("T1059.004", "Unix Shell", "execution");
    private static readonly AttackPattern ApplicationLayer = new("T1071", "Application Layer Protocol", "command-and-control");
    private static readonly AttackPattern DnsChannel = new("T1071.004", "DNS", "command-and-control");
    private static readonly AttackPattern OverChannel = new("T1041", "Exfiltration Over C2 Channel", "exfiltration");
    private static readonly AttackPattern NonApplication = new("T1095", "Non-Application Layer Protocol", "command-and-control");

    private static readonly Dictionary<string, AttackPattern> ByReason = new(StringComparer.Ordinal)
    {
        ["port-scan"] = ActiveScanning,
        ["slow-port-scan"] = ActiveScanning,
        ["distributed-scan"] = ActiveScanning,
        ["outbound-scan"] = ServiceDiscovery,
        ["brute-force"] = BruteForce,
        ["tarpit-login"] = BruteForce,
        ["http-probe"] = VulnerabilityScanning,
        ["dpi-rule"] = ExploitPublic,
        ["tarpit-exploit"] = ExploitPublic,
        ["canary-used"] = ValidAccounts,
        ["tarpit-intrusion"] = Interpreter,
        ["beacon"] = ApplicationLayer,
        ["dns-tunnel"] = DnsChannel,
        ["icmp-tunnel"] = NonApplication,
        ["exfiltration"] = OverChannel,
    };

    /// <summary>The technique that a reason or kind of evidence shows; null: none is known for it.</summary>
    public static AttackPattern? Of(string reason) => ByReason.GetValueOrDefault(reason);

    public static IReadOnlyList<AttackPattern> All { get; } = [.. ByReason.Values.DistinctBy(pattern => pattern.Technique, StringComparer.Ordinal)];

    public Guid Uuid => StixId.Create(StixId.Shared, $"attack-pattern|{Technique}");

    public string Id => StixId.Text("attack-pattern", Uuid);

    /// <summary>Its page.</summary>
    public string Url => $"https://attack.mitre.org/techniques/{Technique.Replace('.', '/')}/";
}
