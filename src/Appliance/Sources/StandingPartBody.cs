
namespace Blackwall.Sources;

/// <summary>One number that is counted of a source.</summary>
/// <param name="Name">camelCase word.</param>
/// <param name="Value">The number now.</param>
/// <param name="Threshold">From this number on it is evidence.</param>
/// <param name="Estimate">true: it counts distinct things and is estimated, as every such number above 96 is; 540 is the largest and means 540 or more.</param>
public sealed record StandingPartBody(string Name, long Value, long Threshold, bool Estimate);
