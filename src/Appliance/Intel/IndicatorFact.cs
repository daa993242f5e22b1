namespace Blackwall.Intel;

/// <summary>One thing that an event says of a value.</summary>
/// <param name="Kind">What the value is.</param>
/// <param name="Value">The value in its canonical form.</param>
/// <param name="Source">"local", "operator" or "mesh".</param>
/// <param name="Reason">Machine word; null: it adds none.</param>
/// <param name="Confidence">0..100.</param>
/// <param name="Seen">When.</param>
internal sealed record IndicatorFact(IndicatorKind Kind, string Value, string Source, string? Reason, int Confidence, DateTimeOffset Seen)
{
    /// <summary>How often it was seen.</summary>
    public long Sightings { get; init; } = 1;

    /// <summary>The decision that says so; 0: none.</summary>
    public long DecisionId { get; init; }

    /// <summary>How long the decision lasts; null with a decision: until it is lifted.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Fingerprint of the client, "ja4:..." or "hassh:...".</summary>
    public string? Fingerprint { get; init; }

    public FactEffect Effect { get; init; }
}
