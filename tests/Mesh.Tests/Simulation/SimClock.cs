namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>Events in the order of their time, by the millisecond, and of their making within one. Adding and taking cost the same however many there are.</summary>
internal sealed class SimClock
{
    // The longest that anything lies ahead.
    private const int Horizon = 4096;

    private readonly List<SimEvent>[] _slots = [.. Enumerable.Range(0, Horizon).Select(_ => new List<SimEvent>())];

    /// <summary>In milliseconds.</summary>
    public long Now { get; private set; }

    public long Processed { get; private set; }

    public void Add(long delay, in SimEvent what)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(delay, Horizon);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, 1);
        _slots[(Now + delay) % Horizon].Add(what);
    }

    /// <summary>Lets time pass, and calls back for each event that falls into it.</summary>
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
