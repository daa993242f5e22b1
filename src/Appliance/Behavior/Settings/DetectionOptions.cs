using System.ComponentModel.DataAnnotations;
using Blackwall.Behavior.Judgement;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Settings;

/// <summary>Section [thresholds]: when behaviour becomes evidence, and what is then done. Counts are per source address unless they say otherwise.</summary>
public sealed class DetectionOptions
{
    /// <summary>Distinct local ports tried in vain within <see cref="ScanWindowSeconds"/> that make a port scan; 5..500.</summary>
    [Range(5, 500)]
    public int ScanPorts { get; set; } = 20;

    /// <summary>Distinct local addresses tried in vain within <see cref="ScanWindowSeconds"/> that make a horizontal scan; 5..100.</summary>
    [Range(5, 100)]
    public int ScanHosts { get; set; } = 20;

    /// <summary>Seconds; 10..600.</summary>
    [Range(10, 600)]
    public int ScanWindowSeconds { get; set; } = 60;

    /// <summary>Distinct local ports tried in vain within an hour; 5..100.</summary>
    [Range(5, 100)]
    public int HourScanPorts { get; set; } = 12;

    /// <summary>
    /// Distinct ports and hosts at which a source completed a handshake and left without a byte, within an hour; 20..400. A scan that rests on
    /// nothing that could be forged, and may block; two thirds of it are told and limited.
    /// </summary>
    [Range(20, 400)]
    public int ConnectScanPorts { get; set; } = 90;

    /// <summary>Distinct local ports, or distinct local addresses, tried in vain within <see cref="SlowScanWindowMinutes"/>; 5..100.</summary>
    [Range(5, 100)]
    public int SlowScanPorts { get; set; } = 10;

    /// <summary>Minutes; 10..2880.</summary>
    [Range(10, 2880)]
    public int SlowScanWindowMinutes { get; set; } = 1440;

    /// <summary>Distinct local ports tried in vain within <see cref="SlowScanWindowMinutes"/> that are told as a weak sign and ask for nothing; 3..100.</summary>
    [Range(3, 100)]
    public int FirstSignPorts { get; set; } = 5;

    /// <summary>
    /// Distinct local ports tried in vain by at least <see cref="DistributedScanSources"/> addresses of one network (IPv4 /24, IPv6 /64 or
    /// /48) within a day that make a distributed scan; 5..100.
    /// </summary>
    [Range(5, 100)]
    public int DistributedScanPorts { get; set; } = 12;

    /// <summary>Addresses; 2..100.</summary>
    [Range(2, 100)]
    public int DistributedScanSources { get; set; } = 3;

    /// <summary>Packets with flags that no stack sends (NULL, XMAS, FIN), within <see cref="ScanWindowSeconds"/>; 3..1000.</summary>
    [Range(3, 1000)]
    public int StealthPackets { get; set; } = 3;

    /// <summary>Seconds over which flood rates are averaged; 1..60.</summary>
    [Range(1, 60)]
    public int FloodWindowSeconds { get; set; } = 5;

    /// <summary>SYNs a second of one source that hardly ever completes a handshake; 10..1,000,000.</summary>
    [Range(10, 1_000_000)]
    public int SynFloodRate { get; set; } = 200;

    /// <summary>New or limited UDP flows a second of one source; 10..1,000,000.</summary>
    [Range(10, 1_000_000)]
    public int UdpFloodRate { get; set; } = 2000;

    /// <summary>New or limited ICMP flows a second of one source; 10..1,000,000.</summary>
    [Range(10, 1_000_000)]
    public int IcmpFloodRate { get; set; } = 200;

    /// <summary>
    /// SYNs a second that no handshake follows, from many sources to one own address; 50..10,000,000. The kernel answers part of a flood
    /// itself and tells of no more than 20,000 unproven packets a second and CPU, so the flood is at least that large.
    /// </summary>
    [Range(50, 10_000_000)]
    public int TargetFloodRate { get; set; } = 500;

    /// <summary>Distinct sources that make such a flood a spoofed or distributed one; 10..100,000.</summary>
    [Range(10, 100_000)]
    public int TargetFloodSources { get; set; } = 200;

    /// <summary>Failed-looking logins at one service within <see cref="BruteForceWindowSeconds"/>; 3..1000.</summary>
    [Range(3, 1000)]
    public int BruteForceAttempts { get; set; } = 8;

    /// <summary>Seconds; 10..3600.</summary>
    [Range(10, 3600)]
    public int BruteForceWindowSeconds { get; set; } = 120;

    /// <summary>Failed-looking logins at one service within an hour; 5..1000.</summary>
    [Range(5, 1000)]
    public int SlowBruteForceAttempts { get; set; } = 20;

    /// <summary>Failed-looking logins at one service within a day; 5..1000.</summary>
    [Range(5, 1000)]
    public int DayBruteForceAttempts { get; set; } = 30;

    /// <summary>Failed-looking logins at one service within a day that are told as a weak sign and ask for nothing; 3..1000.</summary>
    [Range(3, 1000)]
    public int FirstSignLogins { get; set; } = 10;

    /// <summary>Openings of a login port within a day of which none got through, that are told as a sign; 10..10,000.</summary>
    [Range(10, 10_000)]
    public int LoginKnocks { get; set; } = 10;

    /// <summary>Sum of what the rules of [dpi] weigh of distinct requests within <see cref="HttpProbeWindowSeconds"/>; 0.5..20. A request of 0.985 and more is enough alone.</summary>
    [Range(0.5, 20)]
    public double HttpProbeScore { get; set; } = 1.4;

    /// <summary>Seconds; 10..3600.</summary>
    [Range(10, 3600)]
    public int HttpProbeWindowSeconds { get; set; } = 120;

    /// <summary>Distinct request targets within <see cref="HttpProbeWindowSeconds"/> from which on probing needs a quarter of a point less; 10..1000.</summary>
    [Range(10, 1000)]
    public int HttpDistinctTargets { get; set; } = 60;

    /// <summary>Distinct request targets within <see cref="HttpProbeWindowSeconds"/> that the server does not have, 19 of 20 requests being such, which are a search for what is there; 20..500.</summary>
    [Range(20, 500)]
    public int HttpMissingTargets { get; set; } = 200;

    /// <summary>Score of 0..1000 from which on an inside host's connections to one place are told as check-ins; 300..1000. Few check-ins need more.</summary>
    [Range(300, 1000)]
    public int BeaconScore { get; set; } = 700;

    /// <summary>Inside hosts that ask one destination, from which on it is a service whose visits may be regular; 2..1000. In a large network, a twentieth of its hosts.</summary>
    [Range(2, 1000)]
    public int PopularHosts { get; set; } = 3;

    /// <summary>MiB sent to one service within an hour, below which nothing is an exfiltration; 1..1,000,000. It has to be far above what was usual too.</summary>
    [Range(1, 1_000_000)]
    public int ExfiltrationMegabytes { get; set; } = 100;

    /// <summary>New names below one domain within ten minutes, from which on a source may be tunnelling; 10..100.</summary>
    [Range(10, 100)]
    public int DnsTunnelNames { get; set; } = 30;

    /// <summary>Ports of few hosts, or hosts at few ports, outside that an inside host tries within five minutes, hardly one answering; 5..300.</summary>
    [Range(5, 300)]
    public int OutboundScanTargets { get; set; } = 15;

    /// <summary>What is done with the outside end of beacons and exfiltration. The inside host is never acted on.</summary>
    public OutboundResponse OutboundVerdict { get; set; } = OutboundResponse.Alert;

    /// <summary>Outside prefixes whose visits are no beacons and no exfiltration: update servers, backups, monitoring.</summary>
    public IReadOnlyList<Prefix> PopularDestinations { get; set; } = [];

    /// <summary>Networks (IPv4 /24, IPv6 /64 and /48) whose sources are looked at together, and as many IPv6 /64 for logins and requests; 256..1,000,000. About 300 bytes each, taken as needed.</summary>
    [Range(256, 1_000_000)]
    public int MaxNetworks { get; set; } = 65_536;

    /// <summary>Pairs of an inside host and an outside service watched at once; 256..1,000,000. About 900 bytes each, taken as needed.</summary>
    [Range(256, 1_000_000)]
    public int MaxOutboundPairs { get; set; } = 32_768;

    /// <summary>Inside hosts watched at once; 256..1,000,000. About 370 bytes each, taken as needed.</summary>
    [Range(256, 1_000_000)]
    public int MaxInsideHosts { get; set; } = 16_384;

    /// <summary>Pairs of a source and a domain that it asks about, watched at once; 256..1,000,000. About 330 bytes each, taken as needed.</summary>
    [Range(256, 1_000_000)]
    public int MaxDnsDomains { get; set; } = 16_384;

    /// <summary>
    /// Signs of ordinary use (a harmless request, a flow that ended after it carried data both ways) within <see cref="StandingMinutes"/>,
    /// after which a source counts as somebody's user, whom one request never blocks. 1..1000.
    /// </summary>
    [Range(1, 1000)]
    public int StandingUses { get; set; } = 4;

    /// <summary>Minutes; 1..1440.</summary>
    [Range(1, 1440)]
    public int StandingMinutes { get; set; } = 60;

    /// <summary>Programs at ordinary use within four hours, from which on an address is taken for that of many people: it is limited and never blocked; 2..20.</summary>
    [Range(2, 20)]
    public int SharedClients { get; set; } = 5;

    /// <summary>Addresses and prefixes that many people share, such as proxies and gateways of carriers: told of and limited, never blocked by what detection sees.</summary>
    public IReadOnlyList<Prefix> Proxies { get; set; } = [];

    /// <summary>Addresses and prefixes of monitors: their tries at ports and hosts are no scans. What they request and which logins fail counts as of anybody.</summary>
    public IReadOnlyList<Prefix> Monitors { get; set; } = [];

    /// <summary>Minutes for which a source is limited on evidence that can be forged; 1..60.</summary>
    [Range(1, 60)]
    public int RateLimitMinutes { get; set; } = 10;

    /// <summary>Limits that forgeable evidence may ask for in a minute, so that a flood with forged sources cannot fill the board; 10..100,000.</summary>
    [Range(10, 100_000)]
    public int RateLimitsPerMinute { get; set; } = 600;

    /// <summary>Minutes after which suspicion has halved; 1..1440.</summary>
    [Range(1, 1440)]
    public int SuspicionHalfLifeMinutes { get; set; } = 30;

    /// <summary>What is done with a proven scanner.</summary>
    public AttackResponse ScanVerdict { get; set; } = AttackResponse.Auto;

    /// <summary>What is done with a proven guesser of passwords.</summary>
    public AttackResponse BruteForceVerdict { get; set; } = AttackResponse.Auto;

    /// <summary>What is done with a source that probes web servers.</summary>
    public AttackResponse HttpProbeVerdict { get; set; } = AttackResponse.Auto;

    /// <summary>Addresses known at once that never proved themselves; 1,024..2,000,000. About 120 bytes each, taken as needed.</summary>
    [Range(1024, 2_000_000)]
    public int MaxUnprovenSources { get; set; } = 600_000;

    /// <summary>Addresses known at once that completed a handshake or answered a challenge; 1,024..2,000,000. Unproven ones cannot displace them.</summary>
    [Range(1024, 2_000_000)]
    public int MaxProvenSources { get; set; } = 400_000;

    /// <summary>Sources of each of the two kinds watched in detail (ports, logins, requests) at once; 256..1,000,000. About 560 bytes each, taken as needed.</summary>
    [Range(256, 1_000_000)]
    public int MaxWatchedSources { get; set; } = 80_000;
}
