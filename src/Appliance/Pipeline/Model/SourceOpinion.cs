namespace Blackwall.Pipeline.Model;

/// <summary>What a model thinks of a source.</summary>
/// <param name="Model">Which one.</param>
/// <param name="Category">What it takes it for, a word of a closed list.</param>
/// <param name="Percent">How sure it is.</param>
/// <param name="Time">When it said so.</param>
/// <param name="Effect">What followed from it.</param>
/// <param name="Exchange">Number of the exchange with the model; 0: there was none.</param>
/// <param name="Numbers">What it was told of the source.</param>
public sealed record SourceOpinion(string Model, string Category, int Percent, DateTimeOffset Time, string Effect, long Exchange, IReadOnlyList<(string Name, long Value)> Numbers);
