namespace Blackwall.Client.Auditing;

/// <summary>Whether the entries are as they were written; the first that is not.</summary>
public sealed record AuditProof(bool Intact, long First, long Last, string Head, long? BrokenAt);
