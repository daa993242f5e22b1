namespace Blackwall.Sources;

/// <summary>A page of sources.</summary>
/// <param name="Items">The most first, by what was asked for.</param>
/// <param name="NextCursor">Where the next page begins; null: that was all.</param>
public sealed record SourceList(IReadOnlyList<SourceRowBody> Items, string? NextCursor);
