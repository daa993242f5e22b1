namespace Blackwall.Client.Sources;

/// <summary>The most first, by what was asked for; null cursor: that was all.</summary>
public sealed record SourcePage(IReadOnlyList<SourceRow> Items, string? NextCursor = null);
