namespace Blackwall.Client.Captures;

/// <summary>Newest first; null cursor: that was all.</summary>
public sealed record CapturePage(IReadOnlyList<Capture> Items, string? NextCursor = null);
