namespace Blackwall.Fingerprints;

/// <summary>A JA4 fingerprint in its published forms.</summary>
/// <param name="Sorted">ja4: lists sorted, hashed.</param>
/// <param name="SortedRaw">ja4_r: lists sorted, in full.</param>
/// <param name="Original">ja4_o: lists in the order sent, hashed.</param>
/// <param name="OriginalRaw">ja4_ro: lists in the order sent, in full.</param>
public sealed record Ja4Forms(string Sorted, string SortedRaw, string Original, string OriginalRaw);
