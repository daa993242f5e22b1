namespace Blackwall.Pipeline.Model;

/// <summary>One number that is counted of a source.</summary>
/// <param name="Name">camelCase word.</param>
/// <param name="Value">The number now.</param>
/// <param name="Threshold">From this number on it is evidence; 0: it is for information.</param>
/// <param name="IsEstimate">It counts distinct things and is estimated, as every such number above 96 is; 540 is the largest.</param>
public sealed record StandingPart(string Name, long Value, long Threshold, bool IsEstimate = false);
