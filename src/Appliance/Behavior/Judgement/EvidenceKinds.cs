namespace Blackwall.Behavior.Judgement;

/// <summary>The words by which evidence is known outside, and what each kind may lead to.</summary>
internal static class EvidenceKinds
{
    public const int Count = (int)EvidenceKind.OutboundScan + 1;

    /// <summary>Kinds that a source's own record keeps the time of.</summary>
    public const int OfSources = (int)EvidenceKind.Fingerprint + 1;

    private static readonly string[] Words =
    [
        "port-scan", "slow-port-scan", "stealth-scan", "distributed-scan", "ping-sweep", "syn-flood", "udp-flood", "icmp-flood", "brute-force", "login-knock",
        "http-probe", "cleartext-entropy", "fingerprint", "target-flood", "beacon", "exfiltration", "dns-tunnel", "icmp-tunnel", "outbound-scan",
    ];

    public static string Word(EvidenceKind kind) => Words[(int)kind];

    /// <summary>The kind of a word; null: none of ours.</summary>
    public static EvidenceKind? Parse(string word) => Array.IndexOf(Words, word) is >= 0 and int place ? (EvidenceKind)place : null;

    /// <summary>
    /// Kinds that can rest on completed handshakes or on payload; all others are made of packets that anybody can forge. A flood is answered by a
    /// limit even when its source is known: what it takes is capacity, and a limit gives that back.
    /// </summary>
    public static bool MayBlock(EvidenceKind kind) => kind is EvidenceKind.PortScan or EvidenceKind.SlowPortScan or EvidenceKind.BruteForce or EvidenceKind.HttpProbe
        or EvidenceKind.Fingerprint;

    /// <summary>Kinds of one family rest on the same counting, so one does not confirm the other.</summary>
    public static int Family(EvidenceKind kind) => kind switch
    {
        EvidenceKind.PortScan or EvidenceKind.SlowPortScan or EvidenceKind.DistributedScan => 0,
        EvidenceKind.BruteForce or EvidenceKind.LoginKnock => 1,
        _ => (int)kind + 2,
    };

    /// <summary>Kinds that need no second one beside them, where their evidence cannot be forged.</summary>
    public static bool IsStrong(EvidenceKind kind) => kind is EvidenceKind.PortScan or EvidenceKind.BruteForce or EvidenceKind.HttpProbe;
}
