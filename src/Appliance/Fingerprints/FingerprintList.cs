
namespace Blackwall.Fingerprints;

/// <summary>Entries in order of kind and value.</summary>
/// <param name="Items">May be fewer than the limit while there is more.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all.</param>
public sealed record FingerprintList(IReadOnlyList<FingerprintBody> Items, string? NextCursor);
