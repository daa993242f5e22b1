using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Contracts;

/// <summary>What one owner says about a scope.</summary>
/// <param name="Id">Id of the decision that it is.</param>
/// <param name="Scope">Address or prefix that it names.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="Origin">guard, operator, local, model, mesh or feed.</param>
/// <param name="Owner">Who says it, among those of its origin: the name of a feed, sensor or model, "operator", "config", the path of a list, "appliance".</param>
/// <param name="Reason">Machine word.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="Start">When it came into force.</param>
/// <param name="Expiry">When it ends; null: when its owner takes it back.</param>
/// <param name="EvidenceIds">Ids of the evidence that it rests on.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Who made it.</param>
/// <param name="Wins">Whether it decides.</param>
public sealed record ClaimBody(
    long Id,
    string Scope,
    [property: Word(WordLists.Verdict)] string Verdict,
    [property: Word(WordLists.Origin)] string Origin,
    string Owner,
    string Reason,
    double Confidence,
    DateTimeOffset Start,
    DateTimeOffset? Expiry,
    IReadOnlyList<long> EvidenceIds,
    string? Comment,
    string Actor,
    bool Wins)
{
    /// <summary>All of them, strongest first.</summary>
    internal static IReadOnlyList<ClaimBody> From(IReadOnlyList<Decision> claims) => [.. claims.Select((claim, place) => new ClaimBody(
        claim.Id,
        claim.Scope.ToString(),
        Words.For(claim.Verdict),
        Words.For(claim.Origin),
        claim.Owner,
        claim.Reason,
        claim.Confidence,
        claim.Start,
        claim.Expiry,
        claim.EvidenceIds,
        claim.Comment,
        claim.Actor,
        Wins: place == 0))];
}
