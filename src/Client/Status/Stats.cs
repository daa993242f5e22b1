namespace Blackwall.Client.Status;

/// <summary>/stats. Counters only grow while a wall stands; a new wall begins at 0.</summary>
public sealed record Stats(
    DateTimeOffset Time,
    Wall Wall,
    IReadOnlyList<Counter> Counters,
    IReadOnlyDictionary<string, long> Losses,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Parts,
    IReadOnlyList<Gate>? Walls = null)
{
    /// <summary>The wall on each guarded interface, also of an appliance that knows one alone.</summary>
    public IReadOnlyList<Gate> Gates => Walls ?? [new Gate(Wall, Counters, Losses)];
}
