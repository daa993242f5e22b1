using Blackwall.Api.Contracts;
using Blackwall.Mesh.Consensus;

namespace Blackwall.Bridges.Mesh;

/// <summary>What one reporter says of an indicator.</summary>
/// <param name="Reporter">Its peer id.</param>
/// <param name="Against">It speaks for the target.</param>
/// <param name="Evidence">heard, scan, exploit, session or malware.</param>
/// <param name="Reason">Word of its detector.</param>
/// <param name="Seen">When it saw it.</param>
/// <param name="Received">When that was heard here.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="IndicatorId">Id of the message.</param>
/// <param name="Weight">What it weighs by itself.</param>
/// <param name="Counted">What of that counts, within the caps of its networks and its group.</param>
public sealed record MeshVoteBody(
    string Reporter, bool Against, [property: Word(MeshFeature.EvidenceWords)] string Evidence, string Reason, DateTimeOffset Seen, DateTimeOffset Received, DateTimeOffset Expires, string IndicatorId, double Weight, double Counted)
{
    internal static MeshVoteBody From(Vote vote, WeighedVote? weighed) => new(
        $"{vote.Author}", vote.IsAgainst, Words.Kebab($"{vote.Evidence}"), vote.Reason, vote.Seen, vote.Received, vote.Expires, vote.IndicatorId, Math.Round(weighed?.Raw ?? 0, 3), Math.Round(weighed?.Counted ?? 0, 3));
}
