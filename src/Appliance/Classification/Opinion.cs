using Blackwall.Pipeline.Model;

namespace Blackwall.Classification;

/// <summary>What a model thinks of a source, and on which numbers.</summary>
/// <param name="About">The source and its numbers.</param>
/// <param name="Model">Which model.</param>
/// <param name="Category">What it takes it for.</param>
/// <param name="Percent">How sure it is, 0..100.</param>
/// <param name="Time">When.</param>
/// <param name="Exchange">Number of the exchange in which it was given.</param>
/// <param name="Cached">It was given about another source with the same numbers.</param>
internal sealed record Opinion(Case About, string Model, OpinionCategory Category, int Percent, DateTimeOffset Time, long Exchange, bool Cached)
{
    /// <summary>What followed from it.</summary>
    public OpinionEffect Effect { get; init; }

    public Address Source => About.Source;
}
