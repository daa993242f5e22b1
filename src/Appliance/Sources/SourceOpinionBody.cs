using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>What a model thinks of the source, and on which numbers.</summary>
/// <param name="Model">Which model.</param>
/// <param name="Category">What it takes the source for.</param>
/// <param name="Percent">How sure it is, 0..100.</param>
/// <param name="Time">When it said so.</param>
/// <param name="Effect">What followed from it.</param>
/// <param name="Exchange">Number of the exchange with the model (/model/exchanges); 0: there is none.</param>
/// <param name="Numbers">What the model was told.</param>
public sealed record SourceOpinionBody(string Model, string Category, int Percent, DateTimeOffset Time, string Effect, long Exchange, IReadOnlyDictionary<string, long> Numbers)
{
    internal static SourceOpinionBody From(SourceOpinion opinion) => new(
        opinion.Model, opinion.Category, opinion.Percent, opinion.Time, opinion.Effect, opinion.Exchange, opinion.Numbers.ToDictionary(n => n.Name, n => n.Value, StringComparer.Ordinal));
}
