namespace Blackwall.Mesh.Consensus;

/// <summary>The last targets that one reporter voted for.</summary>
/// <param name="capacity">How many.</param>
internal sealed class VoteHistory(int capacity)
{
    private readonly Queue<ulong> _order = new();

    public HashSet<ulong> Targets { get; } = [];

    public void Add(ulong target)
    {
        if (!Targets.Add(target))
        {
            return;
        }

        _order.Enqueue(target);
        if (_order.Count > capacity)
        {
            Targets.Remove(_order.Dequeue());
        }
    }

    /// <summary>Common votes as a share of all votes of both (Jaccard).</summary>
    public double Likeness(VoteHistory other, out int common)
    {
        (HashSet<ulong> small, HashSet<ulong> large) = Targets.Count < other.Targets.Count ? (Targets, other.Targets) : (other.Targets, Targets);
        common = 0;
        foreach (ulong target in small)
        {
            common += large.Contains(target) ? 1 : 0;
        }

        int all = small.Count + large.Count - common;
        return all == 0 ? 0 : (double)common / all;
    }
}
