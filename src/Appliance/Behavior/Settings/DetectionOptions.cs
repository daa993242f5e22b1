using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Blackwall.Behavior.Judgement;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Settings;

/// <summary>Section [thresholds]: when behaviour becomes evidence, and what is then done. Counts are per source address unless they say otherwise.</summary>
public sealed class DetectionOptions
{
    [Description("Distinct local ports tried in vain within scan_window_seconds that make a port scan.")]
    [Range(5, 500)]
    public int ScanPorts { get; set; } = 20;

    [Description("Distinct local addresses tried in vain within scan_window_seconds that make a horizontal scan.")]
    [Range(5, 100)]
    public int ScanHosts { get; set; } = 20;

    [Description("Seconds within which ports and hosts of a fast scan are counted.")]
    [Range(10, 600)]
    public int ScanWindowSeconds { get; set; } = 60;

    [Description("Distinct local ports tried in vain within an hour that make a slow port scan.")]
    [Range(5, 100)]
    public int HourScanPorts { get; set; } = 12;

    [Description("Distinct ports and hosts at which a source completed a handshake and left without sending a byte, within an hour: a scan that cannot be forged and may block; two thirds of it are reported and limited.")]
    [Range(20, 400)]
    public int ConnectScanPorts { get; set; } = 90;

    [Description("Distinct local ports, or distinct local addresses, tried in vain within slow_scan_window_minutes that make a slow scan.")]
    [Range(5, 100)]
    public int SlowScanPorts { get; set; } = 10;

    [Description("Minutes within which ports and hosts of a slow scan are counted.")]
    [Range(10, 2880)]
    public int SlowScanWindowMinutes { get; set; } = 1440;

    [Description("Distinct local ports tried in vain within slow_scan_window_minutes that are reported as a weak sign, without consequence.")]
    [Range(3, 100)]
    public int FirstSignPorts { get; set; } = 5;

    [Description("Distinct local ports tried in vain by at least distributed_scan_sources addresses of one network (IPv4 /24, IPv6 /64 or /48) within a day that make a distributed scan.")]
    [Range(5, 100)]
    public int DistributedScanPorts { get; set; } = 12;

    [Description("Addresses of one network that make a scan, guessing or probing distributed.")]
    [Range(2, 100)]
    public int DistributedScanSources { get; set; } = 3;

    [Description("Packets with flags that no network stack sends (NULL, XMAS, FIN) within scan_window_seconds that make a stealth scan.")]
    [Range(3, 1000)]
    public int StealthPackets { get; set; } = 3;

    [Description("Seconds over which flood rates are averaged.")]
    [Range(1, 60)]
    public int FloodWindowSeconds { get; set; } = 5;

    [Description("SYNs a second of one source that hardly ever completes a handshake, which make a flood.")]
    [Range(10, 1_000_000)]
    public int SynFloodRate { get; set; } = 200;

    [Description("New or limited UDP flows a second of one source that make a flood.")]
    [Range(10, 1_000_000)]
    public int UdpFloodRate { get; set; } = 2000;

    [Description("New or limited ICMP flows a second of one source that make a flood.")]
    [Range(10, 1_000_000)]
    public int IcmpFloodRate { get; set; } = 200;

    [Description("SYNs a second that no handshake follows, from many sources to one own address. The kernel answers part of a flood itself and reports no more than 20,000 unproven packets a second and CPU, so the flood is at least that large.")]
    [Range(50, 10_000_000)]
    public int TargetFloodRate { get; set; } = 500;

    [Description("Distinct sources that make such a flood a spoofed or distributed one.")]
    [Range(10, 100_000)]
    public int TargetFloodSources { get; set; } = 200;

    [Description("Logins at one service that look like failures, within brute_force_window_seconds, which make password guessing.")]
    [Range(3, 1000)]
    public int BruteForceAttempts { get; set; } = 8;

    [Description("Seconds within which brute_force_attempts are counted.")]
    [Range(10, 3600)]
    public int BruteForceWindowSeconds { get; set; } = 120;

    [Description("Logins at one service that look like failures, within an hour, which make password guessing.")]
    [Range(5, 1000)]
    public int SlowBruteForceAttempts { get; set; } = 20;

    [Description("Logins at one service that look like failures, within a day, which make password guessing.")]
    [Range(5, 1000)]
    public int DayBruteForceAttempts { get; set; } = 30;

    [Description("Logins at one service that look like failures, within a day, which are reported as a weak sign, without consequence.")]
    [Range(3, 1000)]
    public int FirstSignLogins { get; set; } = 10;

    [Description("Connections to a login port within a day none of which logged in, which are reported as a weak sign.")]
    [Range(10, 10_000)]
    public int LoginKnocks { get; set; } = 10;

    [Description("Sum of the weights of the [dpi] rules that distinct requests met within http_probe_window_seconds; a request of 0.985 and more is enough alone.")]
    [Range(0.5, 20)]
    public double HttpProbeScore { get; set; } = 1.4;

    [Description("Seconds within which requests of a prober are counted.")]
    [Range(10, 3600)]
    public int HttpProbeWindowSeconds { get; set; } = 120;

    [Description("Distinct request targets within http_probe_window_seconds from which on http_probe_score is lower by a quarter of a point.")]
    [Range(10, 1000)]
    public int HttpDistinctTargets { get; set; } = 60;

    [Description("Distinct request targets that the server does not have, within http_probe_window_seconds, 19 of 20 requests being such, which make a search for hidden content.")]
    [Range(20, 500)]
    public int HttpMissingTargets { get; set; } = 200;

    [Description("Score of 0..1000 from which on the connections of an inside host to one place are reported as check-ins of a beacon; few check-ins need more.")]
    [Range(300, 1000)]
    public int BeaconScore { get; set; } = 700;

    [Description("Inside hosts that ask one destination, from which on it is a service whose visits may be regular. In a large network, a twentieth of its hosts.")]
    [Range(2, 1000)]
    public int PopularHosts { get; set; } = 3;

    [Description("MiB sent to one service within an hour, below which nothing is an exfiltration. It has to be far above what was usual too.")]
    [Range(1, 1_000_000)]
    public int ExfiltrationMegabytes { get; set; } = 100;

    [Description("New names below one domain within ten minutes, from which on a source may be tunnelling.")]
    [Range(10, 100)]
    public int DnsTunnelNames { get; set; } = 30;

    [Description("Ports of few hosts, or hosts at few ports, outside that an inside host tries within five minutes, hardly one answering.")]
    [Range(5, 300)]
    public int OutboundScanTargets { get; set; } = 15;

    [Description("What is done with the outside end of beacons and exfiltration. The inside host is never acted on.")]
    public OutboundResponse OutboundVerdict { get; set; } = OutboundResponse.Alert;

    /// <summary>Outside prefixes whose visits are no beacons and no exfiltration: update servers, backups, monitoring.</summary>
    public IReadOnlyList<Prefix> PopularDestinations { get; set; } = [];

    [Description("Networks (IPv4 /24, IPv6 /64 and /48) whose sources are looked at together, and as many IPv6 /64 for logins and requests. About 300 bytes each, taken as needed.")]
    [Range(256, 1_000_000)]
    public int MaxNetworks { get; set; } = 65_536;

    [Description("Pairs of an inside host and an outside service watched at once. About 900 bytes each, taken as needed.")]
    [Range(256, 1_000_000)]
    public int MaxOutboundPairs { get; set; } = 32_768;

    [Description("Inside hosts watched at once. About 370 bytes each, taken as needed.")]
    [Range(256, 1_000_000)]
    public int MaxInsideHosts { get; set; } = 16_384;

    [Description("Pairs of a source and a domain that it asks about, watched at once. About 330 bytes each, taken as needed.")]
    [Range(256, 1_000_000)]
    public int MaxDnsDomains { get; set; } = 16_384;

    [Description("Signs of ordinary use (a harmless request, a flow that carried data both ways and ended) within standing_minutes after which a source counts as an ordinary user, which one request never blocks.")]
    [Range(1, 1000)]
    public int StandingUses { get; set; } = 4;

    [Description("Minutes within which standing_uses are counted.")]
    [Range(1, 1440)]
    public int StandingMinutes { get; set; } = 60;

    [Description("Programs at ordinary use within four hours, from which on an address is taken for that of many people: it is limited and never blocked.")]
    [Range(2, 20)]
    public int SharedClients { get; set; } = 5;

    /// <summary>Addresses and prefixes that many people share, such as proxies and gateways of carriers: reported and limited, never blocked by detection.</summary>
    public IReadOnlyList<Prefix> Proxies { get; set; } = [];

    /// <summary>Addresses and prefixes of monitors: their tries at ports and hosts are no scans; their requests and failed logins count like those of anybody.</summary>
    public IReadOnlyList<Prefix> Monitors { get; set; } = [];

    [Description("Minutes for which a source is limited on evidence that can be forged.")]
    [Range(1, 60)]
    public int RateLimitMinutes { get; set; } = 10;

    [Description("Limits a minute that forgeable evidence may ask for, so that a flood with forged sources cannot fill the table of decisions.")]
    [Range(10, 100_000)]
    public int RateLimitsPerMinute { get; set; } = 600;

    [Description("Minutes after which suspicion has halved.")]
    [Range(1, 1440)]
    public int SuspicionHalfLifeMinutes { get; set; } = 30;

    [Description("What is done with a proven scanner.")]
    public AttackResponse ScanVerdict { get; set; } = AttackResponse.Auto;

    [Description("What is done with a proven guesser of passwords.")]
    public AttackResponse BruteForceVerdict { get; set; } = AttackResponse.Auto;

    [Description("What is done with a source that probes web servers.")]
    public AttackResponse HttpProbeVerdict { get; set; } = AttackResponse.Auto;

    [Description("Addresses known at once that never proved themselves. About 120 bytes each, taken as needed.")]
    [Range(1024, 2_000_000)]
    public int MaxUnprovenSources { get; set; } = 600_000;

    [Description("Addresses known at once that completed a handshake or answered a challenge. Unproven ones cannot displace them.")]
    [Range(1024, 2_000_000)]
    public int MaxProvenSources { get; set; } = 400_000;

    [Description("Sources of each of the two kinds watched in detail (ports, logins, requests) at once. About 560 bytes each, taken as needed.")]
    [Range(256, 1_000_000)]
    public int MaxWatchedSources { get; set; } = 80_000;
}
