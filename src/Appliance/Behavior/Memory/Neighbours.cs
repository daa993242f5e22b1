namespace Blackwall.Behavior.Memory;

/// <summary>Counts of one network's sources over a day.</summary>
internal struct Neighbours
{
    public DistinctWindow Tried;
    public DistinctWindow Answered;
    public DistinctWindow Sources;
}
