namespace Blackwall.Behavior.Memory;

/// <summary>What the sources of one network did together over a day.</summary>
internal struct Neighbours
{
    public DistinctWindow Tried;
    public DistinctWindow Answered;
    public DistinctWindow Sources;
}
