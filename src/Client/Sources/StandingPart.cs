namespace Blackwall.Client.Sources;

/// <summary>One number that is counted of a source; threshold 0: for information.</summary>
public sealed record StandingPart(string Name, long Value, long Threshold, bool Estimate);
