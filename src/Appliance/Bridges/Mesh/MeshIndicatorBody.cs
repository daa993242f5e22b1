using Blackwall.Api.Contracts;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Sharing;

namespace Blackwall.Bridges.Mesh;

/// <summary>An indicator that sensors speak of.</summary>
/// <param name="Value">The address, prefix, fingerprint, domain, URL or hash.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Action">What is done.</param>
/// <param name="Until">When that ends by itself; null: nothing is done.</param>
/// <param name="Weight">Of the votes for it.</param>
/// <param name="Against">Of the votes against it.</param>
/// <param name="Networks">Operators that counted votes come from.</param>
/// <param name="Veterans">Old, confirmed reporters among them.</param>
/// <param name="Members">Sensors of the same operator among them.</param>
/// <param name="SeenHere">When this appliance's own sensors last saw it; null: never.</param>
/// <param name="Told">When this sensor last told others what it says of it; null: it says nothing.</param>
/// <param name="Says">What it says; null: nothing.</param>
/// <param name="Reason">Why it is this action and no harder one.</param>
/// <param name="Pattern">The STIX pattern that matches it.</param>
/// <param name="Votes">The votes, the heaviest first.</param>
public sealed record MeshIndicatorBody(
    string Value,
    [property: Word(MeshFeature.KindWords)] string Kind,
    [property: Word(MeshFeature.ActionWords)] string Action,
    DateTimeOffset? Until,
    double Weight,
    double Against,
    int Networks,
    int Veterans,
    int Members,
    DateTimeOffset? SeenHere,
    DateTimeOffset? Told,
    [property: Word(MeshFeature.SaysWords)] string? Says,
    string Reason,
    string Pattern,
    IReadOnlyList<MeshVoteBody> Votes)
{
    internal static MeshIndicatorBody From(TargetView target)
    {
        Dictionary<Vote, WeighedVote> weighed = target.Result.Votes.ToDictionary(vote => vote.Vote);
        return new MeshIndicatorBody(
            target.Value.Text,
            Words.Kebab($"{target.Value.Kind}"),
            Words.Kebab($"{target.Action}"),
            target.Action > MeshAction.Log ? target.Until : null,
            Math.Round(target.Result.Weight, 3),
            Math.Round(target.Result.Against, 3),
            target.Result.Networks,
            target.Result.Veterans,
            target.Result.Members,
            target.SeenHere,
            target.Own?.Created,
            target.Own is { } own ? Words.Kebab($"{own.Kind}") : null,
            target.Result.Reason,
            target.Value.ToStixPattern(),
            [.. target.Votes.Select(vote => MeshVoteBody.From(vote, weighed.TryGetValue(vote, out WeighedVote known) ? known : null)).OrderByDescending(vote => vote.Counted).ThenBy(vote => vote.Reporter, StringComparer.Ordinal)]);
    }
}
