namespace Blackwall.Health;

/// <summary>One guarded interface.</summary>
/// <param name="Wall">What the wall is there.</param>
/// <param name="Counters">Packets that came in by it, by what became of them.</param>
/// <param name="Losses">What got lost inside the kernel programs there, by kind.</param>
public sealed record GateBody(WallBody Wall, IReadOnlyList<CounterBody> Counters, IReadOnlyDictionary<string, ulong> Losses);
