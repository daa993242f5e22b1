namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>When a message reached whom.</summary>
internal sealed class SimMessage(SimNode author, long publishedAt, int nodes)
{
    private readonly int[] _after = NotYet(nodes);

    public SimNode Author { get; } = author;

    public long PublishedAt { get; } = publishedAt;

    public void Reached(SimNode node, long now) => _after[node.Index] = (int)(now - PublishedAt);

    /// <summary>When a node had it, its author at once; null: never.</summary>
    public long? At(SimNode node) => ReferenceEquals(node, Author) ? PublishedAt : _after[node.Index] == int.MaxValue ? null : PublishedAt + _after[node.Index];

    /// <summary>Share of these nodes that have the message, within milliseconds of its publication. Its author is not asked, nor is who was not there.</summary>
    public double Coverage(IReadOnlyList<SimNode> nodes, long within = long.MaxValue) => Ask(nodes, within, out int all) / (double)Math.Max(1, all);

    /// <summary>The time by which a share of these nodes had it, in milliseconds; null: never.</summary>
    public int? TimeTo(double share, IReadOnlyList<SimNode> nodes)
    {
        int[] times = [.. nodes.Where(node => !ReferenceEquals(node, Author)).Select(node => _after[node.Index]).Order()];
        int index = (int)Math.Ceiling(share * times.Length) - 1;
        return times[Math.Max(0, index)] is var time && time == int.MaxValue ? null : time;
    }

    private int Ask(IReadOnlyList<SimNode> nodes, long within, out int all)
    {
        int reached = 0;
        all = 0;
        foreach (SimNode node in nodes)
        {
            if (!ReferenceEquals(node, Author))
            {
                all++;
                reached += _after[node.Index] != int.MaxValue && _after[node.Index] <= within ? 1 : 0;
            }
        }

        return reached;
    }

    private static int[] NotYet(int nodes)
    {
        int[] after = new int[nodes];
        Array.Fill(after, int.MaxValue);
        return after;
    }
}
