using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>A claim that somebody wants to make; the board may refuse it.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Verdict">What shall happen to its packets.</param>
/// <param name="Origin">Who asks.</param>
/// <param name="Reason">Short machine word.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="Ttl">How long; null asks the board for its escalating default (operator: without end).</param>
/// <param name="Evidence">What it rests on. A local drop or redirect needs at least one piece that is not spoofable.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Key name, feed name, sensor id, or "appliance".</param>
public sealed record DecisionRequest(
    Prefix Scope,
    Verdict Verdict,
    Origin Origin,
    string Reason,
    double Confidence,
    TimeSpan? Ttl,
    IReadOnlyList<Evidence> Evidence,
    string? Comment,
    string Actor)
{
    /// <summary>Whose claim it is; without it the operator's, or of whoever acts.</summary>
    public string Owner { get => field ?? ClaimOwner.Usual(Origin, Actor); init; }

    /// <summary>Whether the operator lets this owner name this private or reserved scope.</summary>
    public bool IsVouched { get; init; }
}
