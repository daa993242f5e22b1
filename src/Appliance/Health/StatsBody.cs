
namespace Blackwall.Health;

/// <summary>Everything that is counted.</summary>
/// <param name="Time">When it was read.</param>
/// <param name="Wall">What the wall is on the first interface; its fault is the first of all interfaces.</param>
/// <param name="Counters">Packets by what became of them.</param>
/// <param name="Losses">What got lost inside the kernel programs, by kind.</param>
/// <param name="Parts">Counters of each part of the appliance, by its name.</param>
/// <param name="Walls">Each guarded interface; the counters above are the sums.</param>
public sealed record StatsBody(
    DateTimeOffset Time,
    WallBody Wall,
    IReadOnlyList<CounterBody> Counters,
    IReadOnlyDictionary<string, ulong> Losses,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Parts,
    IReadOnlyList<GateBody> Walls);
