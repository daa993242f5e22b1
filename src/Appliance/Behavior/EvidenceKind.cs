namespace Blackwall.Behavior;

/// <summary>What the behaviour stage can say of a source or, for <see cref="TargetFlood"/>, of an own address under attack.</summary>
public enum EvidenceKind : byte
{
    PortScan,
    SlowPortScan,
    StealthScan,
    SynFlood,
    UdpFlood,
    IcmpFlood,
    BruteForce,
    HttpProbe,
    TargetFlood,
}
