namespace Blackwall.Client.Classification;

/// <summary>What a model thinks of a source, and on which numbers.</summary>
public sealed record Opinion(
    string Source,
    string Model,
    string Category,
    int Percent,
    DateTimeOffset Time,
    string Effect,
    long Exchange,
    bool Cached,
    IReadOnlyDictionary<string, long> Numbers);
