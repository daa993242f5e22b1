
namespace Blackwall.Api.Auditing;

/// <summary>Whether the audit log is as it was written.</summary>
/// <param name="Intact">Every entry follows from the one before it.</param>
/// <param name="First">Number of the oldest entry that is kept; 0: none.</param>
/// <param name="Last">Number of the newest entry that was looked at; 0: none.</param>
/// <param name="Head">Hash of the newest entry. Kept elsewhere, it also proves that none was cut off at the new end.</param>
/// <param name="BrokenAt">The first entry that does not follow; null: all do.</param>
public sealed record AuditProofBody(bool Intact, long First, long Last, string Head, long? BrokenAt);
