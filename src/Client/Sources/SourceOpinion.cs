namespace Blackwall.Client.Sources;

/// <summary>What a model thinks of the source, and on which numbers.</summary>
public sealed record SourceOpinion(string Model, string Category, int Percent, DateTimeOffset Time, string Effect, long Exchange, IReadOnlyDictionary<string, long> Numbers);
