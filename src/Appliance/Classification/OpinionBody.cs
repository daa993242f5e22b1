using Blackwall.Api.Contracts;

namespace Blackwall.Classification;

/// <summary>What a model thinks of a source.</summary>
/// <param name="Source">The address.</param>
/// <param name="Model">Which model.</param>
/// <param name="Category">What it takes the source for.</param>
/// <param name="Percent">How sure it is, 0..100.</param>
/// <param name="Time">When it said so.</param>
/// <param name="Effect">What followed: shadow (nothing follows in this mode), none, standing (the source uses services in the ordinary way and is not limited), limited, refused (guard or allow rule).</param>
/// <param name="Exchange">Number of the exchange in which it was said; 0: it could not be stored.</param>
/// <param name="Cached">true: it was said about another source with the same numbers.</param>
/// <param name="Numbers">What the model was told: all of it.</param>
public sealed record OpinionBody(
    string Source,
    string Model,
    [property: Word(OpinionWords.CategoryList)] string Category,
    int Percent,
    DateTimeOffset Time,
    [property: Word(OpinionWords.EffectList)] string Effect,
    long Exchange,
    bool Cached,
    IReadOnlyDictionary<string, long> Numbers)
{
    internal static OpinionBody From(Opinion opinion) => new(
        $"{opinion.Source}",
        opinion.Model,
        OpinionWords.For(opinion.Category),
        opinion.Percent,
        opinion.Time,
        OpinionWords.For(opinion.Effect),
        opinion.Exchange,
        opinion.Cached,
        opinion.About.Numbers.ToDictionary(n => n.Name, n => n.Value, StringComparer.Ordinal));
}
