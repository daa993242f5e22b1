using System.Runtime;

namespace Blackwall.Tarpit.Runtime;

/// <summary>
/// Gives memory back to the machine when a crowd has left: the runtime would keep it until it allocates as much again. Called at intervals by one thread.
/// </summary>
/// <param name="collect">Collects and releases.</param>
internal sealed class MemoryRelease(Action collect)
{
    private const int SmallestCrowd = 64;

    private int _most;
    private int _before;

    public MemoryRelease()
        : this(Collect)
    {
    }

    /// <summary>Takes note of how many connections are open; releases when at most half of the most are left and no more are leaving.</summary>
    public void Check(int open)
    {
        _most = Math.Max(_most, open);
        bool isCalm = open == _before;
        _before = open;
        if (isCalm && _most - open >= SmallestCrowd && open <= _most / 2)
        {
            _most = open;
            collect();
        }
    }

    private static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
