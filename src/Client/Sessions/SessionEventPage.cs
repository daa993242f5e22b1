namespace Blackwall.Client.Sessions;

/// <summary>In order; null cursor: that was all so far.</summary>
public sealed record SessionEventPage(IReadOnlyList<SessionEvent> Items, string? NextCursor = null);
