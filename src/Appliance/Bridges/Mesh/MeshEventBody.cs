using Blackwall.Api.Contracts;
using Blackwall.Mesh.Consensus;

namespace Blackwall.Bridges.Mesh;

/// <summary>Data of the event "mesh": a target is treated otherwise than before.</summary>
/// <param name="Value">The address, prefix, fingerprint, domain, URL or hash.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Before">What was done.</param>
/// <param name="After">What is done now.</param>
/// <param name="Until">When that ends by itself; null: nothing is done.</param>
/// <param name="Weight">Of the votes for it.</param>
/// <param name="Against">Of the votes against it.</param>
/// <param name="Reporters">How many count.</param>
/// <param name="Reason">Why it is this and nothing harder.</param>
public sealed record MeshEventBody(
    string Value,
    [property: Word(MeshFeature.KindWords)] string Kind,
    [property: Word(MeshFeature.ActionWords)] string Before,
    [property: Word(MeshFeature.ActionWords)] string After,
    DateTimeOffset? Until,
    double Weight,
    double Against,
    int Reporters,
    string Reason)
{
    internal static MeshEventBody From(TrustDecision decision) => new(
        decision.Value.Text,
        Words.Kebab($"{decision.Value.Kind}"),
        Words.Kebab($"{decision.Before}"),
        Words.Kebab($"{decision.After}"),
        decision.After > MeshAction.Log ? decision.Until : null,
        Math.Round(decision.Cause.Weight, 3),
        Math.Round(decision.Cause.Against, 3),
        decision.Cause.Votes.Count(vote => !vote.Vote.IsAgainst && vote.Counted > 0),
        decision.Cause.Reason);
}
