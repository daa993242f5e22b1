namespace Blackwall.Pipeline.Model;

/// <summary>The operator's statement that what was seen of an address is no attack.</summary>
/// <param name="Source">The address.</param>
/// <param name="Kinds">Kinds of evidence that no longer count against it.</param>
/// <param name="Marked">When that was said.</param>
/// <param name="Expiry">When it is forgotten.</param>
/// <param name="Actor">Who said it.</param>
/// <param name="Comment">For a person.</param>
public sealed record FalsePositive(Address Source, IReadOnlyList<string> Kinds, DateTimeOffset Marked, DateTimeOffset Expiry, string Actor, string? Comment);
