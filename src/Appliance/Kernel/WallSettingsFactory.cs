using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>From what the operator configured to what the wall needs.</summary>
internal static class WallSettingsFactory
{
    public static WallSettings Create(NetworkOptions network, KernelOptions kernel, string logFolder) => new()
    {
        Interface = network.Interface,
        Others =
        [
            .. network.Outside.Select(name => new GateSettings(name, Side.Outside, network.MostOf(name))),
            .. network.Inside.Select(name => new GateSettings(name, Side.Inside, network.MostOf(name))),
        ],
        Most = network.MostOf(network.Interface),
        AttachMode = network.XdpMode,
        Mode = network.Mode,
        PinPath = network.PinPath,
        WhenSilent = network.WhenSilent,
        SilentAfter = TimeSpan.FromSeconds(network.SilentSeconds),
        LogFolder = logFolder,
        Features = kernel.Features,
        TableSizes = new Dictionary<string, uint>(StringComparer.Ordinal)
        {
            ["CONN_TRACK"] = (uint)kernel.ConntrackEntries,
            ["HALF_OPEN"] = (uint)kernel.HalfOpenEntries,
            ["ASKED"] = (uint)kernel.HalfOpenEntries,
            ["PROVEN"] = (uint)kernel.HalfOpenEntries,
            ["RATE_LIMIT"] = (uint)kernel.RateLimitEntries,
            ["NAT_TABLE"] = (uint)kernel.NatEntries,
            ["NAT_REVERSE"] = (uint)kernel.NatEntries,
            ["FRAGMENTS"] = (uint)kernel.FragmentEntries,
        },
        Limits = [.. kernel.Limits.SelectMany(l => (RateRule[])
        [
            new(l.Key, RateScope.Host, l.Value.HostPacketsPerSecond, l.Value.HostBurst),
            new(l.Key, RateScope.Net, l.Value.NetPacketsPerSecond, l.Value.NetBurst),
        ])],
        ChallengePerSecond = kernel.ChallengePacketsPerSecond,
        ChallengeBurst = kernel.ChallengeBurst,
        ProofTtl = kernel.ProofTtl,
        Target4 = kernel.TarpitAddress4 ?? Address.None,
        TargetPort4 = kernel.TarpitPort4,
        Target6 = kernel.TarpitAddress6 ?? Address.None,
        TargetPort6 = kernel.TarpitPort6,
    };
}
