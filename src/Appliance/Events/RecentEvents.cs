namespace Blackwall.Events;

/// <summary>The newest events, ordered by sequence; sequences may have gaps. One owner.</summary>
internal sealed class RecentEvents(int size)
{
    private readonly ApplianceEvent[] _ring = new ApplianceEvent[size];
    private long _count;

    /// <summary>Up to here events are not, or not any more, in memory.</summary>
    public long Forgotten { get; private set; }

    private int Held => (int)Math.Min(_count, _ring.Length);

    public void Add(ApplianceEvent added)
    {
        ref ApplianceEvent place = ref _ring[_count % _ring.Length];
        if (_count >= _ring.Length)
        {
            Forgotten = place.Sequence;
        }

        place = added;
        _count++;
    }

    /// <summary>Numbers up to here were given by an earlier process, or never.</summary>
    public void Skip(long upTo)
    {
        if (Held == 0)
        {
            Forgotten = upTo;
        }
    }

    /// <summary>The events after a sequence; null: some of them are not in memory.</summary>
    public IReadOnlyList<ApplianceEvent>? After(long after, int most)
    {
        if (after < Forgotten)
        {
            return null;
        }

        long first = _count - Held;
        long low = first;
        long high = _count;
        while (low < high)
        {
            long middle = (low + high) / 2;
            (low, high) = _ring[middle % _ring.Length].Sequence > after ? (low, middle) : (middle + 1, high);
        }

        ApplianceEvent[] found = new ApplianceEvent[Math.Min(most, _count - low)];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = _ring[(low + i) % _ring.Length];
        }

        return found;
    }
}
