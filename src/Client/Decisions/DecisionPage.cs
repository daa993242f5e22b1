namespace Blackwall.Client.Decisions;

/// <summary>Newest first; null cursor: that was all.</summary>
public sealed record DecisionPage(IReadOnlyList<Decision> Items, string? NextCursor = null);
