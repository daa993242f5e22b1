
namespace Blackwall.Api.Auditing;

/// <summary>Audit entries, newest first.</summary>
/// <param name="Items">The entries.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all.</param>
public sealed record AuditList(IReadOnlyList<AuditBody> Items, string? NextCursor);
