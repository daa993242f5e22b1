namespace Blackwall.Tarpit.Pacing;

/// <summary>
/// One timer for all that waits: entries in slots of a wheel, a tick apart. An entry costs what it is itself; nothing waits on a thread or a task of its
/// own. Entries run on the timer's thread, one after the other, and must not block.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    private const int Slots = 1024;

    private readonly WheelEntry?[] _slots = new WheelEntry?[Slots];
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private readonly long _start;
    private long _tick;
    private int _count;
    private bool _isRunning;

    public TimerWheel(TimeProvider time)
    {
        (_time, _start) = (time, time.GetTimestamp());
        _timer = time.CreateTimer(static state => ((TimerWheel)state!).Advance(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How far apart two moments are that it can tell.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Entries that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Runs an entry after a time, once; the entry must not be waiting already.</summary>
    public void Add(WheelEntry entry, TimeSpan after)
    {
        lock (_lock)
        {
            if (_count++ == 0)
            {
                // Nothing waited: the clock went on.
                _tick = Now;
                _timer.Change(Tick, Tick);
                _isRunning = true;
            }

            entry.Due = Math.Max(_tick, Now) + Math.Max(1, (long)Math.Ceiling(after / Tick));
            Link(entry);
        }
    }

    /// <summary>True: it waited, and does not any more.</summary>
    public bool Remove(WheelEntry entry)
    {
        lock (_lock)
        {
            if (!entry.IsLinked)
            {
                return false;
            }

            Unlink(entry);
            return true;
        }
    }

    public void Dispose() => _timer.Dispose();

    private long Now => (long)(_time.GetElapsedTime(_start) / Tick);

    private void Advance()
    {
        long now = Now;
        while (true)
        {
            WheelEntry? due = null;
            lock (_lock)
            {
                while (_tick <= now && (due = FindDue(_slots[_tick % Slots], _tick)) is null)
                {
                    _tick++;
                }

                if (due is not null)
                {
                    Unlink(due);
                }
                else if (_count == 0 && _isRunning)
                {
                    _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    _isRunning = false;
                }
            }

            if (due is null)
            {
                return;
            }

            due.Run();
        }
    }

    private static WheelEntry? FindDue(WheelEntry? entry, long tick)
    {
        while (entry is not null && entry.Due > tick)
        {
            entry = entry.Next;
        }

        return entry;
    }

    private void Link(WheelEntry entry)
    {
        ref WheelEntry? slot = ref _slots[entry.Due % Slots];
        (entry.Next, entry.Previous, entry.IsLinked) = (slot, null, true);
        if (slot is not null)
        {
            slot.Previous = entry;
        }

        slot = entry;
    }

    private void Unlink(WheelEntry entry)
    {
        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            _slots[entry.Due % Slots] = entry.Next;
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry.Previous;
        }

        (entry.Next, entry.Previous, entry.IsLinked) = (null, null, false);
        _count--;
    }
}
