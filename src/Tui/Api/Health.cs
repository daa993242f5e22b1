namespace Blackwall.Tui.Api;

/// <summary>/health/ready: ready, degraded or starting, and what is wrong by part.</summary>
internal sealed record Health(string Status, IReadOnlyDictionary<string, string>? Faults = null);
