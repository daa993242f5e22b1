namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>A part of the nodes with their events: by the millisecond, and within one in the order of their coming.</summary>
internal sealed class SimPartition(int partitions)
{
    // The longest that anything lies ahead.
    private const int Horizon = 4096;

    private readonly List<SimEvent>[] _slots = [.. Enumerable.Range(0, Horizon).Select(_ => new List<SimEvent>())];
    private readonly List<(long Time, SimEvent Event)>[] _leaving = [.. Enumerable.Range(0, partitions).Select(_ => new List<(long Time, SimEvent Event)>())];

    /// <summary>In milliseconds.</summary>
    public long Now { get; private set; }

    public long Processed { get; private set; }

    /// <summary>An event of a node here for one of any partition; it is handed over when the window ends.</summary>
    public void Send(int partition, long delay, in SimEvent what)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(delay, Horizon - SimClock.Window);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, SimClock.Window);
        _leaving[partition].Add((Now + delay, what));
    }

    /// <summary>Takes over what another partition has for this one.</summary>
    public void TakeFrom(SimPartition other, int self)
    {
        List<(long Time, SimEvent Event)> coming = other._leaving[self];
        foreach ((long time, SimEvent what) in coming)
        {
            _slots[time % Horizon].Add(what);
        }

        coming.Clear();
    }

    public void RunUntil(long end, Action<SimEvent> handle)
    {
        while (Now < end)
        {
            Now++;
            List<SimEvent> slot = _slots[Now % Horizon];
            for (int i = 0; i < slot.Count; i++)
            {
                handle(slot[i]);
            }

            Processed += slot.Count;
            slot.Clear();
        }
    }
}
