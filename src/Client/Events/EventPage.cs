namespace Blackwall.Client.Events;

/// <summary>Newest first; null cursor: that was all.</summary>
public sealed record EventPage(IReadOnlyList<PastEvent> Items, string? NextCursor = null);
