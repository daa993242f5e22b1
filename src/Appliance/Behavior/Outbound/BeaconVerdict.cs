using Blackwall.Behavior.Statistics;

namespace Blackwall.Behavior.Outbound;

/// <summary>How much a pair looks like a program that checks in.</summary>
/// <param name="Score">0..1000.</param>
/// <param name="CheckIns">Check-ins looked at, after bursts were taken together.</param>
/// <param name="Gaps">Statistics of the gaps between them, milliseconds.</param>
internal readonly record struct BeaconVerdict(int Score, int CheckIns, GapStatistics Gaps);
