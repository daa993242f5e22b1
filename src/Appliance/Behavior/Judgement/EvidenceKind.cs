namespace Blackwall.Behavior.Judgement;

/// <summary>
/// What detection can say, by name: of a source outside, of a host inside, of an own address under attack. A new kind is one line here, at the end; what
/// it may lead to stands beside its name.
/// </summary>
public sealed class EvidenceKind
{
    public static readonly EvidenceKind PortScan = new(0, "port-scan") { MayBlock = true, IsStrong = true, Family = "ports" };
    public static readonly EvidenceKind SlowPortScan = new(1, "slow-port-scan") { MayBlock = true, Family = "ports" };
    public static readonly EvidenceKind StealthScan = new(2, "stealth-scan");
    public static readonly EvidenceKind DistributedScan = new(3, "distributed-scan") { Family = "ports" };
    public static readonly EvidenceKind PingSweep = new(4, "ping-sweep");
    public static readonly EvidenceKind SynFlood = new(5, "syn-flood");
    public static readonly EvidenceKind UdpFlood = new(6, "udp-flood");
    public static readonly EvidenceKind IcmpFlood = new(7, "icmp-flood");
    public static readonly EvidenceKind BruteForce = new(8, "brute-force") { MayBlock = true, IsStrong = true, Family = "logins" };
    public static readonly EvidenceKind LoginKnock = new(9, "login-knock") { Family = "logins" };
    public static readonly EvidenceKind HttpProbe = new(10, "http-probe") { MayBlock = true, IsStrong = true };
    public static readonly EvidenceKind CleartextEntropy = new(11, "cleartext-entropy");
    public static readonly EvidenceKind Fingerprint = new(12, "fingerprint") { MayBlock = true };
    public static readonly EvidenceKind TargetFlood = new(13, "target-flood") { IsOfSource = false, IsAccusation = false };
    public static readonly EvidenceKind Beacon = new(14, "beacon") { IsOfSource = false };
    public static readonly EvidenceKind Exfiltration = new(15, "exfiltration") { IsOfSource = false };
    public static readonly EvidenceKind DnsTunnel = new(16, "dns-tunnel") { IsOfSource = false };
    public static readonly EvidenceKind IcmpTunnel = new(17, "icmp-tunnel") { IsOfSource = false };
    public static readonly EvidenceKind OutboundScan = new(18, "outbound-scan") { IsOfSource = false };

    public static readonly EvidenceKind Controller = new(19, "c2-contact") { IsOfSource = false };

    private EvidenceKind(int number, string name) => (Number, Name, Family) = (number, name, name);

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<EvidenceKind> All { get; } =
    [
        PortScan, SlowPortScan, StealthScan, DistributedScan, PingSweep, SynFlood, UdpFlood, IcmpFlood, BruteForce, LoginKnock, HttpProbe, CleartextEntropy, Fingerprint,
        TargetFlood, Beacon, Exfiltration, DnsTunnel, IcmpTunnel, OutboundScan, Controller,
    ];

    /// <summary>The word by which it is known outside.</summary>
    public string Name { get; }

    /// <summary>0, 1, 2, ... The state that detection keeps on the disk names it so: it never changes.</summary>
    public int Number { get; }

    /// <summary>
    /// Whether it can rest on completed handshakes or on payload; all others are made of packets that anybody can forge. A flood is answered by a
    /// limit even when its source is known: what it takes is capacity, and a limit gives that back.
    /// </summary>
    public bool MayBlock { get; private init; }

    /// <summary>Whether it needs no second kind beside it, where its evidence cannot be forged.</summary>
    public bool IsStrong { get; private init; }

    /// <summary>Kinds of one family rest on the same counting, so one does not confirm the other.</summary>
    public string Family { get; private init; }

    /// <summary>Whether a source's own record keeps its time; those are the first ones by number.</summary>
    public bool IsOfSource { get; private init; } = true;

    /// <summary>Whether it says something against the address that it is about.</summary>
    public bool IsAccusation { get; private init; } = true;

    /// <summary>Null: none of ours.</summary>
    public static EvidenceKind? Parse(string name) => All.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));

    /// <summary>As counters spell it: PortScan.</summary>
    public override string ToString() => string.Concat(Name.Split('-').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}"));
}
