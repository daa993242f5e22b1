namespace Blackwall.Client.Status;

/// <summary>The wall on one interface.</summary>
public sealed record Gate(Wall Wall, IReadOnlyList<Counter> Counters, IReadOnlyDictionary<string, long> Losses);
