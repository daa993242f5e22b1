namespace Blackwall.Client.Auditing;

/// <summary>Who did what, from where, and what the appliance answered.</summary>
public sealed record AuditEntry(long Sequence, DateTimeOffset Time, string Actor, long KeyId, string? Remote, string Action, string Subject, int Status, string? Detail, string TraceId, string Hash);
