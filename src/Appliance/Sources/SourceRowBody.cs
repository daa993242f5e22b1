using Blackwall.Api.Contracts;
using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>One of the sources that detection knows.</summary>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="Phase">What is thought of it.</param>
/// <param name="Suspicion">0..4, halving with time, as of the last event.</param>
/// <param name="Proven">It completed a handshake or answered a challenge.</param>
/// <param name="Packets">Packets that were told of, about: those of flows that ended, and one for each opening, refusal and drop that was told.</param>
/// <param name="FirstSeen">When it was first seen, as far as that is remembered.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="Verdict">What the decision that wins for it says; pass where there is none.</param>
/// <param name="DecisionId">That decision; null: nothing is decided.</param>
public sealed record SourceRowBody(
    string Address,
    [property: Word(WordLists.Phase)] string Phase,
    double Suspicion,
    bool Proven,
    long Packets,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    [property: Word(WordLists.Verdict)] string Verdict,
    long? DecisionId)
{
    /// <summary>Where it is used; null: the operator's databases do not know.</summary>
    public PlaceBody? Place { get; init; }

    internal static SourceRowBody From(SourceRow row, Decision? winner, Place? place) => new(
        $"{row.Place.Address}",
        row.Phase,
        row.Suspicion,
        row.IsProven,
        row.Packets,
        row.FirstSeen,
        row.LastSeen,
        Words.For(winner?.Verdict ?? Pipeline.Model.Verdict.Pass),
        winner?.Id)
    {
        Place = PlaceBody.From(place),
    };
}
