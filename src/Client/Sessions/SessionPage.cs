namespace Blackwall.Client.Sessions;

/// <summary>Newest first; null cursor: that was all.</summary>
public sealed record SessionPage(IReadOnlyList<Session> Items, string? NextCursor = null);
