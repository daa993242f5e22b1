namespace Blackwall.Tui.Api;

/// <summary>/stats. Counters only grow while a wall stands; a new wall begins at 0.</summary>
internal sealed record Stats(
    DateTimeOffset Time,
    Wall Wall,
    IReadOnlyList<Counter> Counters,
    IReadOnlyDictionary<string, long> Losses,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Parts);
