namespace Blackwall.Client.Auditing;

/// <summary>Newest first; null cursor: that was all.</summary>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? NextCursor = null);
