namespace Blackwall.Behavior;

/// <summary>The words by which evidence is known outside, and what each kind may lead to.</summary>
internal static class EvidenceKinds
{
    public const int Count = (int)EvidenceKind.TargetFlood + 1;

    private static readonly string[] Words =
    [
        "port-scan", "slow-port-scan", "stealth-scan", "syn-flood", "udp-flood", "icmp-flood", "brute-force", "http-probe", "target-flood",
    ];

    public static string Word(EvidenceKind kind) => Words[(int)kind];

    /// <summary>A flood is answered by a limit even when its source is known: what it takes is capacity, and a limit gives that back.</summary>
    public static bool MayBlock(EvidenceKind kind) => kind is not (EvidenceKind.SynFlood or EvidenceKind.UdpFlood or EvidenceKind.IcmpFlood or EvidenceKind.TargetFlood);
}
