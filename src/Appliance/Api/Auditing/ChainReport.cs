
namespace Blackwall.Api.Auditing;

/// <summary>What a walk over the whole chain found.</summary>
/// <param name="Intact">Every row follows from the one before it.</param>
/// <param name="First">Number of the oldest row that is kept; 0: none.</param>
/// <param name="Last">Number of the newest row; 0: none.</param>
/// <param name="Head">Hash of the newest row: kept elsewhere, it also proves that no row was cut off at the new end.</param>
/// <param name="BrokenAt">The first row that does not follow; null: all do.</param>
public sealed record ChainReport(bool Intact, long First, long Last, ReadOnlyMemory<byte> Head, long? BrokenAt);
