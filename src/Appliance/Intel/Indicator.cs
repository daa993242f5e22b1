namespace Blackwall.Intel;

/// <summary>An indicator of compromise as it stands: what is known of one value, and what of it was published.</summary>
/// <param name="Kind">What the value is.</param>
/// <param name="Value">The value in its canonical form.</param>
/// <param name="Source">Who says so: "local", "operator" or "mesh".</param>
/// <param name="Generation">How often an earlier indicator of this value was revoked: a revoked STIX object never comes back, so the next one has another id.</param>
/// <param name="Created">When it was first published; whole milliseconds.</param>
/// <param name="Modified">When it was last changed; whole milliseconds, more than before at each change.</param>
/// <param name="ValidFrom">When it begins to be valid.</param>
/// <param name="ValidUntil">When it ends to be valid; null: when it is revoked.</param>
/// <param name="Confidence">0..100.</param>
/// <param name="Reasons">Machine words, in the order in which they came; at most <see cref="MaxReasons"/>.</param>
/// <param name="FirstSeen">First sighting.</param>
/// <param name="LastSeen">Last sighting.</param>
/// <param name="Sightings">How often it was seen.</param>
/// <param name="ToldSightings">How many of them were published.</param>
/// <param name="Told">When sightings were last published.</param>
internal sealed record Indicator(
    IndicatorKind Kind,
    string Value,
    string Source,
    int Generation,
    DateTimeOffset Created,
    DateTimeOffset Modified,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidUntil,
    int Confidence,
    IReadOnlyList<string> Reasons,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    long Sightings,
    long ToldSightings,
    DateTimeOffset Told)
{
    public const int MaxReasons = 8;

    /// <summary>It was taken back.</summary>
    public bool Revoked { get; init; }

    /// <summary>The decision that it rests on; 0: none.</summary>
    public long DecisionId { get; init; }

    /// <summary>Fingerprints of its clients: "ja4:...", "hassh:..."; at most 4.</summary>
    public IReadOnlyList<string> Fingerprints { get; init; } = [];
}
