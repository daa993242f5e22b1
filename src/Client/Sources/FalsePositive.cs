namespace Blackwall.Client.Sources;

/// <summary>An operator's word that kinds of evidence do not count against a source.</summary>
public sealed record FalsePositive(IReadOnlyList<string> Kinds, DateTimeOffset Marked, DateTimeOffset Expiry, string Actor, string? Comment);
