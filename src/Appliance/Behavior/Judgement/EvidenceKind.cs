namespace Blackwall.Behavior.Judgement;

/// <summary>
/// What detection can say of a source outside; from <see cref="Beacon"/> on, of a host inside; <see cref="TargetFlood"/>, of an own address
/// under attack.
/// </summary>
public enum EvidenceKind : byte
{
    PortScan,
    SlowPortScan,
    StealthScan,
    DistributedScan,
    PingSweep,
    SynFlood,
    UdpFlood,
    IcmpFlood,
    BruteForce,
    LoginKnock,
    HttpProbe,
    CleartextEntropy,
    Fingerprint,
    TargetFlood,
    Beacon,
    Exfiltration,
    DnsTunnel,
    IcmpTunnel,
    OutboundScan,
}
