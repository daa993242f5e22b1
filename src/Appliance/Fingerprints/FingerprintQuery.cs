namespace Blackwall.Fingerprints;

/// <summary>Which entries are wanted.</summary>
/// <param name="Kind">Null: all.</param>
/// <param name="Category">Null: all.</param>
/// <param name="Text">Somewhere in value or label, whatever the case; null: all.</param>
/// <param name="After">Kind and value after which the page begins; null: at the first.</param>
/// <param name="Limit">Entries at most.</param>
public sealed record FingerprintQuery(FingerprintKind? Kind, FingerprintCategory? Category, string? Text, (FingerprintKind Kind, string Value)? After, int Limit);
