namespace Blackwall.Remediation;

/// <summary>What has changed since a reader looked last.</summary>
/// <param name="Cursor">Where it goes on.</param>
/// <param name="New">What is kept out now and was not, or not so long.</param>
/// <param name="Deleted">What is not kept out any more.</param>
internal sealed record BlockDelta(long Cursor, IReadOnlyCollection<Block> New, IReadOnlyCollection<Block> Deleted);
