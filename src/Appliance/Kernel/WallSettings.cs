using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>What the wall needs to stand, in its own terms.</summary>
public sealed record WallSettings
{
    /// <summary>Network interface to guard; where there are several, the first, which looks outside.</summary>
    public required string Interface { get; init; }

    /// <summary>Interfaces that are guarded beside it.</summary>
    public IReadOnlyList<GateSettings> Others { get; init; } = [];

    /// <summary>The first interface does no more than this.</summary>
    public EnforcementMode Most { get; init; } = EnforcementMode.Enforce;

    /// <summary>All guarded interfaces, the first one first.</summary>
    public IReadOnlyList<GateSettings> Gates => [new(Interface, Side.Outside, Most), .. Others];

    public XdpMode AttachMode { get; init; } = XdpMode.Auto;

    public EnforcementMode Mode { get; init; } = EnforcementMode.Observe;

    /// <summary>Folder on a BPF file system; one folder an interface is made in it.</summary>
    public string PinPath { get; init; } = "/sys/fs/bpf/blackwall";

    /// <summary>Where the verifier's log goes when a program is refused.</summary>
    public string LogFolder { get; init; } = "/tmp";

    /// <summary>Entries by map name, for the tables whose size is an option.</summary>
    public IReadOnlyDictionary<string, uint> TableSizes { get; init; } = new Dictionary<string, uint>(StringComparer.Ordinal);

    public Features Features { get; init; } = Features.All;

    public IReadOnlyList<RateRule> Limits { get; init; } = RateRule.Defaults;

    /// <summary>SYNs of unproven sources a second and CPU beyond which each is challenged; 0: never.</summary>
    public double ChallengePerSecond { get; init; } = 2000;

    /// <summary>SYNs that may come at once before the first challenge.</summary>
    public double ChallengeBurst { get; init; } = 1000;

    public TimeSpan ProofTtl { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the wall does when the appliance is silent.</summary>
    public Silence WhenSilent { get; init; } = Silence.Last;

    /// <summary>How long without a sign of life is silence.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tarpit listener for IPv4; <see cref="Address.None"/>: none.</summary>
    public Address Target4 { get; init; }

    public ushort TargetPort4 { get; init; }

    public Address Target6 { get; init; }

    public ushort TargetPort6 { get; init; }

    internal Settings ToAbi()
    {
        Settings settings = new()
        {
            Mode = Mode,
            Features = Features,
            ProofTtlNanoseconds = (ulong)ProofTtl.TotalNanoseconds,
            WhenSilent = WhenSilent,

            // The last policy needs nobody: then no packet asks for the heartbeat.
            SilenceNanoseconds = WhenSilent == Silence.Last ? 0 : (ulong)SilentAfter.TotalNanoseconds,
        };
        Limit challenge = RateRule.ToLimit(ChallengePerSecond, ChallengeBurst);
        settings.ChallengeIntervalNanoseconds = challenge.IntervalNanoseconds;
        settings.ChallengeBurstNanoseconds = challenge.BurstNanoseconds;
        foreach (RateRule rule in Limits)
        {
            settings.SetLimit(rule.Class, rule.Scope, RateRule.ToLimit(rule.PerSecond, rule.Burst));
        }

        return settings;
    }

    internal TarpitTarget ToTarget() => new()
    {
        Address4 = RawAddress.From(Target4),
        Address6 = RawAddress.From(Target6),
        Port4Network = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(TargetPort4),
        Port6Network = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(TargetPort6),
        Enabled = Target4 != Address.None || Target6 != Address.None ? 1u : 0u,
    };
}
