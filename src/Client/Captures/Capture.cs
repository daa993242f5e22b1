namespace Blackwall.Client.Captures;

/// <summary>Packets of a source; null end: it runs.</summary>
public sealed record Capture(long Id, string Address, string Cause, string Actor, DateTimeOffset Started, DateTimeOffset Until, DateTimeOffset? Ended, string? Outcome, long Packets, long Bytes, int Files, IReadOnlyList<long> Decisions);
