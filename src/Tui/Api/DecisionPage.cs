namespace Blackwall.Tui.Api;

/// <summary>Newest first; null cursor: that was all.</summary>
internal sealed record DecisionPage(IReadOnlyList<Decision> Items, string? NextCursor = null);
