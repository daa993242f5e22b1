
namespace Blackwall.Api.Auditing;

/// <summary>An entry in its place in the chain.</summary>
/// <param name="Sequence">Counts up from 1 without a gap.</param>
/// <param name="Entry">What happened.</param>
/// <param name="Hash">SHA-256 that binds it to the row before.</param>
public sealed record AuditRow(long Sequence, AuditEntry Entry, ReadOnlyMemory<byte> Hash);
