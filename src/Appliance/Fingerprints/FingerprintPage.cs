namespace Blackwall.Fingerprints;

/// <summary>A part of the database, in order of kind and value.</summary>
/// <param name="Items">May be fewer than were asked for while there is more.</param>
/// <param name="Next">After which entry the next page begins; null: that was all.</param>
public sealed record FingerprintPage(IReadOnlyList<FingerprintEntry> Items, FingerprintEntry? Next);
