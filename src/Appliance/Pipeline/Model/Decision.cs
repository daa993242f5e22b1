namespace Blackwall.Pipeline.Model;

/// <summary>
/// A claim that stands on the board under its id: a verdict over a scope, with its owner, reason and end. Which of those about a scope decides
/// is derived by <see cref="Precedence"/>.
/// </summary>
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
    /// <summary>Place in the precedence (<see cref="Precedence"/>); smaller wins. Fits the one byte that the kernel's policy entry carries.</summary>
    public byte Rank => Precedence.Rank(Origin, Verdict);

    /// <summary>Whose claim it is, among those of its origin.</summary>
    public string Owner { get => field ?? ClaimOwner.Usual(Origin, Actor); init; }

    /// <summary>What makes it the same claim as another one.</summary>
    public ClaimKey Key => new(Scope, Origin, Owner);

    /// <summary>Milliseconds of the board's clock at which it ends; <see cref="long.MaxValue"/>: never.</summary>
    internal long Ends { get; init; } = long.MaxValue;

    internal Contender Contender => new(Rank, Scope.Length, Verdict, Ends, Id);
}
