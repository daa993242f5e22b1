using Blackwall.Config;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>[kernel], [kernel.features], [kernel.limits.*], [kernel.tarpit]: sizes and limits inside the kernel programs.</summary>
public sealed class KernelOptions
{
    private const long MostPackets = 100_000_000;

    /// <summary>Flows with a verified handshake; 1,024..16,777,216 as the other tables.</summary>
    public int ConntrackEntries { get; set; } = 262_144;

    /// <summary>Flows that proved nothing yet.</summary>
    public int HalfOpenEntries { get; set; } = 262_144;

    public int RateLimitEntries { get; set; } = 262_144;

    public int NatEntries { get; set; } = 65_536;

    public int FragmentEntries { get; set; } = 16_384;

    /// <summary>Unverified SYNs a second and CPU above which new sources are challenged; 0: never.</summary>
    public long ChallengePacketsPerSecond { get; set; } = 10_000;

    /// <summary>SYNs that may come at once before the challenge.</summary>
    public long ChallengeBurst { get; set; } = 20_000;

    /// <summary>How long an answered challenge is believed.</summary>
    public TimeSpan ProofTtl { get; set; } = TimeSpan.FromMinutes(5);

    public Features Features { get; set; } = Features.All;

    /// <summary>Limits by class. The strict class holds sources under a rate-limit verdict, the event class bounds reports of one source; stream is for
    /// TCP flows of which one half is seen or whose beginning was not, fragment for those that come before the first of their datagram.</summary>
    public IReadOnlyDictionary<RateClass, RateLimitOptions> Limits { get; } = new Dictionary<RateClass, RateLimitOptions>
    {
        [RateClass.Syn] = RateLimitOptions.Create(200, 400, 2_000, 4_000),
        [RateClass.Udp] = RateLimitOptions.Create(20_000, 40_000, 100_000, 200_000),
        [RateClass.Icmp] = RateLimitOptions.Create(100, 200, 1_000, 2_000),
        [RateClass.New] = RateLimitOptions.Create(500, 1_000, 5_000, 10_000),
        [RateClass.Strict] = RateLimitOptions.Create(5, 10, 50, 100),
        [RateClass.Event] = RateLimitOptions.Create(200, 400, 0, 0),
        [RateClass.Stream] = RateLimitOptions.Create(200_000, 400_000, 0, 0),
        [RateClass.Fragment] = RateLimitOptions.Create(2_000, 4_000, 0, 0),
    };

    /// <summary>Where redirected flows go; null: no tarpit for the family.</summary>
    public Address? TarpitAddress4 { get; set; }

    public ushort TarpitPort4 { get; set; }

    public Address? TarpitAddress6 { get; set; }

    public ushort TarpitPort6 { get; set; }

    public static IReadOnlyList<IConfigSection> Declare()
    {
        KernelOptions options = new();
        const int least = 1024;
        const int most = 16_777_216;
        List<IConfigSection> sections =
        [
            new ConfigSection<KernelOptions>("kernel", "Sizes and limits inside the kernel programs.", options)
                .Integer("conntrack_entries", "Flows with a verified handshake that are tracked at once.", least, most, o => o.ConntrackEntries, (o, v) => o.ConntrackEntries = (int)v)
                .Integer("half_open_entries", "Flows without a verified handshake that are tracked at once.", least, most, o => o.HalfOpenEntries, (o, v) => o.HalfOpenEntries = (int)v)
                .Integer("rate_limit_entries", "Hosts and networks whose rates are measured at once.", least, most, o => o.RateLimitEntries, (o, v) => o.RateLimitEntries = (int)v)
                .Integer("nat_entries", "Flows that are redirected into the tarpit at once.", least, most, o => o.NatEntries, (o, v) => o.NatEntries = (int)v)
                .Integer("fragment_entries", "Fragmented datagrams that are tracked at once.", least, most, o => o.FragmentEntries, (o, v) => o.FragmentEntries = (int)v)
                .Integer("challenge_packets_per_second", "Unverified SYNs a second and CPU above which new sources are challenged with a SYN cookie; 0: never.", 0, MostPackets, o => o.ChallengePacketsPerSecond, (o, v) => o.ChallengePacketsPerSecond = v)
                .Integer("challenge_burst", "SYNs that may come at once before the challenge.", 1, MostPackets, o => o.ChallengeBurst, (o, v) => o.ChallengeBurst = v)
                .Integer("proof_ttl_seconds", "Seconds for which an answered challenge is believed.", 1, 86_400, o => (long)o.ProofTtl.TotalSeconds, (o, v) => o.ProofTtl = TimeSpan.FromSeconds(v)),
            new ConfigSection<KernelOptions>("kernel.tarpit", "A tarpit of your own to which sources are redirected; not needed for the built-in one (tarpit.enabled).", options)
                .Text("address4", "IPv4 address that redirected flows go to.", o => o.TarpitAddress4 is { } address ? $"{address}" : null, (o, v) => SetAddress(v, wantV4: true, a => o.TarpitAddress4 = a))
                .Integer("port4", "TCP port there.", 1, 65_535, o => o.TarpitPort4 == 0 ? null : o.TarpitPort4, (o, v) => o.TarpitPort4 = (ushort)v)
                .Text("address6", "IPv6 address that redirected flows go to.", o => o.TarpitAddress6 is { } address ? $"{address}" : null, (o, v) => SetAddress(v, wantV4: false, a => o.TarpitAddress6 = a))
                .Integer("port6", "TCP port there.", 1, 65_535, o => o.TarpitPort6 == 0 ? null : o.TarpitPort6, (o, v) => o.TarpitPort6 = (ushort)v)
                .Together(o => (o.TarpitAddress4 is null) != (o.TarpitPort4 == 0) || (o.TarpitAddress6 is null) != (o.TarpitPort6 == 0)
                    ? "kernel.tarpit: an address needs its port, and a port its address."
                    : null),
        ];

        ConfigSection<KernelOptions> features = new("kernel.features", "Parts of the kernel programs that can be switched off.", options);
#pragma warning disable CA1308 // Keys are lower case.
        foreach (Features feature in Enum.GetValues<Features>().Where(f => f is not (Features.None or Features.All)))
        {
            features.Flag(feature.ToString().ToLowerInvariant(), HelpOf(feature), o => o.Features.HasFlag(feature), (o, on) => o.Features = on ? o.Features | feature : o.Features & ~feature);
        }

        sections.Add(features);
        foreach ((RateClass rateClass, RateLimitOptions limit) in options.Limits)
        {
            sections.Add(new ConfigSection<RateLimitOptions>($"kernel.limits.{rateClass.ToString().ToLowerInvariant()}", HelpOf(rateClass), limit)
                .Integer("host_packets_per_second", "Packets a second of one host (IPv4 /32, IPv6 /64); 0: not limited.", 0, MostPackets, o => o.HostPacketsPerSecond, (o, v) => o.HostPacketsPerSecond = v)
                .Integer("host_burst", "Packets that a host may send at once.", 0, MostPackets, o => o.HostBurst, (o, v) => o.HostBurst = v)
                .Integer("net_packets_per_second", "Packets a second of one network (IPv4 /24, IPv6 /56); 0: not limited.", 0, MostPackets, o => o.NetPacketsPerSecond, (o, v) => o.NetPacketsPerSecond = v)
                .Integer("net_burst", "Packets that a network may send at once.", 0, MostPackets, o => o.NetBurst, (o, v) => o.NetBurst = v)
                .Together(o => (o.HostPacketsPerSecond > 0 && o.HostBurst == 0) || (o.NetPacketsPerSecond > 0 && o.NetBurst == 0)
                    ? $"kernel.limits.{rateClass.ToString().ToLowerInvariant()}: a limit above 0 packets a second needs a burst above 0."
                    : null));
        }
#pragma warning restore CA1308

        return sections;
    }

    private static string HelpOf(Features feature) => feature switch
    {
        Features.Entropy => "Whether the entropy of payload is measured.",
        Features.Tls => "Whether TLS and QUIC ClientHellos are exported for fingerprints.",
        Features.Dpi => "Whether the beginning of a flow is exported for inspection.",
        Features.Conntrack => "Whether connections are tracked; without it nothing is evidence that may block.",
        Features.Limits => "Whether the limits of [kernel.limits] hold.",
        Features.Events => "Whether the programs report events; without it nothing is detected.",
        Features.Syn => "Whether new sources are challenged with a SYN cookie when too many arrive.",
        _ => throw new ArgumentOutOfRangeException(nameof(feature)),
    };

    private static string HelpOf(RateClass rateClass) => rateClass switch
    {
        RateClass.Syn => "Limit of TCP SYNs; what exceeds it is challenged and not dropped.",
        RateClass.Udp => "Limit of UDP datagrams.",
        RateClass.Icmp => "Limit of ICMP packets.",
        RateClass.New => "Limit of new flows of any protocol.",
        RateClass.Strict => "Limit of a source under a rate-limit verdict.",
        RateClass.Event => "Limit of the reports to user space about one source.",
        RateClass.Stream => "Limit of TCP packets of flows of which one half is seen or whose beginning was not.",
        RateClass.Fragment => "Limit of fragments that come before the first of their datagram.",
        _ => throw new ArgumentOutOfRangeException(nameof(rateClass)),
    };

    private static string? SetAddress(string text, bool wantV4, Action<Address> set)
    {
        if (!Address.TryParse(text, out Address address) || address.IsV4 != wantV4)
        {
            return wantV4 ? "must be an IPv4 address" : "must be an IPv6 address";
        }

        set(address);
        return null;
    }
}
