namespace Blackwall.Mesh.Consensus;

/// <summary>The last targets that one reporter voted for.</summary>
/// <param name="capacity">How many.</param>
/// <param name="recent">How many of them are the last few.</param>
internal sealed class VoteHistory(int capacity, int recent)
{
    private readonly Queue<ulong> _order = new();
    private readonly Queue<ulong> _recentOrder = new();

    /// <summary>All that are remembered.</summary>
    public HashSet<ulong> Targets { get; } = [];

    /// <summary>The last few: who begins to lie with others is seen in them before a long honest past has passed.</summary>
    public HashSet<ulong> Recent { get; } = [];

    public void Add(ulong target)
    {
        if (!Targets.Add(target))
        {
            return;
        }

        Keep(_order, Targets, target, capacity);
        Recent.Add(target);
        Keep(_recentOrder, Recent, target, recent);
    }

    /// <summary>Common votes as a share of all votes of both (Jaccard).</summary>
    public static double Likeness(HashSet<ulong> one, HashSet<ulong> other, out int common)
    {
        (HashSet<ulong> small, HashSet<ulong> large) = one.Count < other.Count ? (one, other) : (other, one);
        common = 0;
        foreach (ulong target in small)
        {
            common += large.Contains(target) ? 1 : 0;
        }

        int all = small.Count + large.Count - common;
        return all == 0 ? 0 : (double)common / all;
    }

    private static void Keep(Queue<ulong> order, HashSet<ulong> targets, ulong target, int most)
    {
        order.Enqueue(target);
        if (order.Count > most)
        {
            targets.Remove(order.Dequeue());
        }
    }
}
