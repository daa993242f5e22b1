namespace Blackwall.Fingerprints;

/// <summary>A fingerprint that a source showed.</summary>
/// <param name="Kind">What it is taken of.</param>
/// <param name="Value">The fingerprint.</param>
/// <param name="First">When it was seen first, as far as that is remembered.</param>
/// <param name="Last">When it was seen last.</param>
/// <param name="Count">In how many flows.</param>
public sealed record SeenFingerprint(FingerprintKind Kind, string Value, DateTimeOffset First, DateTimeOffset Last, long Count);
