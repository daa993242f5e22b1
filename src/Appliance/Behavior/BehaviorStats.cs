
namespace Blackwall.Behavior;

/// <summary>What the behaviour stage holds and has counted since the start.</summary>
/// <param name="UnprovenSources">Profiles of sources that never proved their address.</param>
/// <param name="ProvenSources">Profiles of those that did.</param>
/// <param name="WatchedSources">Profiles with a detailed record.</param>
/// <param name="UnprovenEvicted">Unproven profiles given up for newer ones.</param>
/// <param name="ProvenEvicted">Proven profiles given up for newer ones.</param>
/// <param name="WatchesEvicted">Detailed records given up for newer ones.</param>
/// <param name="FloodedTargets">Own addresses under a flood from many sources now.</param>
/// <param name="LimitsSuppressed">Limits not asked for because forgeable evidence had spent the minute's budget.</param>
/// <param name="OutboundPairs">Pairs of an inside host and an outside service that are watched.</param>
/// <param name="OutboundPairsEvicted">Such pairs given up for newer ones.</param>
/// <param name="InsideHosts">Inside hosts that opened flows.</param>
/// <param name="Networks">Networks whose sources are looked at together.</param>
/// <param name="NetworksEvicted">Such networks given up for newer ones.</param>
/// <param name="Evidence">Evidence by its word.</param>
public sealed record BehaviorStats(
    int UnprovenSources,
    int ProvenSources,
    int WatchedSources,
    long UnprovenEvicted,
    long ProvenEvicted,
    long WatchesEvicted,
    int FloodedTargets,
    long LimitsSuppressed,
    int OutboundPairs,
    long OutboundPairsEvicted,
    int InsideHosts,
    int Networks,
    long NetworksEvicted,
    IReadOnlyDictionary<string, long> Evidence);
