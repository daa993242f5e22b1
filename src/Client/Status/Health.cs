namespace Blackwall.Client.Status;

/// <summary>/health/ready: ready, degraded or starting, and what is wrong by part.</summary>
public sealed record Health(string Status, IReadOnlyDictionary<string, string>? Faults = null);
