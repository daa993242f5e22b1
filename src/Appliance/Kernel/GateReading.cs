namespace Blackwall.Kernel;

/// <summary>One guarded interface at one moment.</summary>
/// <param name="Status">What the wall is there.</param>
/// <param name="Counters">What it counted there.</param>
public sealed record GateReading(WallStatus Status, WallCounters Counters);
