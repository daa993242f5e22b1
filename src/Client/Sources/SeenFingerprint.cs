namespace Blackwall.Client.Sources;

/// <summary>A fingerprint that a source showed; null label: not known.</summary>
public sealed record SeenFingerprint(string Kind, string Value, string? Label, string? Category, double? Confidence, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Flows);
