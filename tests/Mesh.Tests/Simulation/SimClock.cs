namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>
/// Virtual time on all cores: nothing that a node does reaches another within less than a window, so the partitions run a window each by
/// themselves and then hand over, in a fixed order. How many cores there are makes no difference to what happens.
/// </summary>
/// <param name="parallel">Worth it from some thousand nodes on; below that the handing over costs more.</param>
internal sealed class SimClock(bool parallel)
{
    /// <summary>In milliseconds: the shortest line.</summary>
    public const int Window = 8;

    private const int Partitions = 4;

    private readonly SimPartition[] _partitions = [.. Enumerable.Range(0, Partitions).Select(_ => new SimPartition(Partitions))];

    /// <summary>In milliseconds.</summary>
    public long Now => _partitions[0].Now;

    public long Processed => _partitions.Sum(partition => partition.Processed);

    public static int PartitionOf(SimNode node) => node.Index % Partitions;

    /// <summary>What a node wants to happen at another, or at itself, after a delay of a window at least.</summary>
    public void Send(SimNode from, SimNode to, long delay, in SimEvent what) => _partitions[PartitionOf(from)].Send(PartitionOf(to), delay, in what);

    /// <summary>The time as a node sees it.</summary>
    public long NowAt(SimNode node) => _partitions[PartitionOf(node)].Now;

    /// <summary>Lets time pass, and calls back for each event that falls into it; side by side for different partitions.</summary>
    public void RunUntil(long end, Action<SimEvent> handle)
    {
        while (Now < end)
        {
            for (int to = 0; to < Partitions; to++)
            {
                foreach (SimPartition from in _partitions)
                {
                    _partitions[to].TakeFrom(from, to);
                }
            }

            long window = Math.Min(end, Now + Window);
            if (parallel)
            {
                Parallel.ForEach(_partitions, partition => partition.RunUntil(window, handle));
            }
            else
            {
                Array.ForEach(_partitions, partition => partition.RunUntil(window, handle));
            }
        }
    }
}
