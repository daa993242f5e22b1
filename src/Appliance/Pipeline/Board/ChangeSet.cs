namespace Blackwall.Pipeline.Board;

/// <summary>
/// Which items a projection (kernel, store) still has to bring up to date. Bounded: when too many wait, the set forgets them all and
/// says that the projection must be rebuilt from the whole, which is always possible. Not thread-safe.
/// </summary>
internal sealed class ChangeSet<T>(int capacity)
    where T : notnull
{
    private HashSet<T> _items = [];

    public int Count => _items.Count;

    public bool IsEmpty => _items.Count == 0 && !Overflowed;

    /// <summary>The single changes are lost: take the whole, then call <see cref="Reset"/>.</summary>
    public bool Overflowed { get; private set; }

    public long Overflows { get; private set; }

    public bool Contains(T item) => _items.Contains(item);

    public void Add(T item)
    {
        if (Overflowed)
        {
            return;
        }

        if (_items.Count >= capacity && !_items.Contains(item))
        {
            Overflowed = true;
            Overflows++;
            _items = [];
            return;
        }

        _items.Add(item);
    }

    /// <summary>Moves out at most this many.</summary>
    public void Drain(ICollection<T> into, int max = int.MaxValue)
    {
        if (_items.Count <= max)
        {
            foreach (T item in _items)
            {
                into.Add(item);
            }

            // A set that once held a million would keep their room.
            if (_items.Capacity > 16_384)
            {
                _items = [];
            }
            else
            {
                _items.Clear();
            }

            return;
        }

        List<T> taken = new(max);
        foreach (T item in _items)
        {
            if (taken.Count == max)
            {
                break;
            }

            taken.Add(item);
        }

        foreach (T item in taken)
        {
            _items.Remove(item);
            into.Add(item);
        }
    }

    public void Reset()
    {
        Overflowed = false;
        _items = [];
    }

    /// <summary>Everything must be rebuilt, for a reason outside.</summary>
    public void Invalidate()
    {
        Overflowed = true;
        _items = [];
    }
}
