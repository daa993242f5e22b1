namespace Blackwall.Pipeline.Model;

/// <summary>A verdict over a scope, with its reason, author and end.</summary>
/// <param name="Id">Unique over restarts, counts up; 0 before the board took it.</param>
/// <param name="Scope">Address or prefix it speaks about.</param>
/// <param name="Verdict">What shall happen.</param>
/// <param name="Origin">Who decided.</param>
/// <param name="Reason">Short machine word; for local decisions the evidence kind.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="Start">When it came into force.</param>
/// <param name="Expiry">When it ends; null only for operator and guard decisions.</param>
/// <param name="EvidenceIds">Evidence behind it.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Key name, feed name, sensor id, or "appliance".</param>
public sealed record Decision(
    long Id,
    Prefix Scope,
    Verdict Verdict,
    Origin Origin,
    string Reason,
    double Confidence,
    DateTimeOffset Start,
    DateTimeOffset? Expiry,
    IReadOnlyList<long> EvidenceIds,
    string? Comment,
    string Actor)
{
    /// <summary>
    /// Place in the precedence guard &gt; operator allow &gt; operator block &gt; local &gt; model &gt; mesh &gt; feed; smaller wins.
    /// Fits the one byte that the kernel's policy entry carries.
    /// </summary>
    public byte Rank => RankOf(Origin, Verdict);

    /// <summary>Milliseconds of the board's clock at which it ends; <see cref="long.MaxValue"/>: never.</summary>
    internal long Ends { get; init; } = long.MaxValue;

    internal static byte RankOf(Origin origin, Verdict verdict) => (origin, verdict) switch
    {
        (Origin.Guard, _) => 0,
        (Origin.Operator, Verdict.Pass) => 1,
        (Origin.Operator, _) => 2,
        (Origin.Local, _) => 3,
        (Origin.Model, _) => 4,
        (Origin.Mesh, _) => 5,
        _ => 6,
    };
}
