using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

internal sealed partial class DecisionTable
{
    /// <summary>-1: no such decision.</summary>
    public int Find(DecisionKey key)
    {
        for (int slot = FirstIn(key.Scope); slot >= 0; slot = this[slot].Next)
        {
            ref DecisionRow row = ref this[slot];
            if (row.Origin == key.Origin && row.Speaks(key.Scope))
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>-1: no such decision.</summary>
    public int Find(long id)
    {
        foreach (SortedSlots<long, ById> lane in _lanes)
        {
            SortedSlots<long, ById>.Position at = lane.LowerBound(id);
            if (lane.TryNext(ref at, out int slot) && this[slot].Id == id)
            {
                return slot;
            }
        }

        return -1;
    }

    public bool IsListed(Prefix scope)
    {
        for (int slot = FirstIn(scope); slot >= 0; slot = this[slot].Next)
        {
            if (this[slot].Speaks(scope))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Slots of every decision, ended or not, whose scope contains this one; widest scope first.</summary>
    public IEnumerable<int> Containing(Prefix scope)
    {
        int[] lengths = Lengths(scope);
        for (int length = 0; length <= scope.Length; length++)
        {
            if (lengths[length] == 0)
            {
                continue;
            }

            Prefix ancestor = Prefix.Around(scope.Network, length);
            for (int slot = FirstIn(ancestor); slot >= 0; slot = this[slot].Next)
            {
                if (this[slot].Speaks(ancestor))
                {
                    yield return slot;
                }
            }
        }
    }

    /// <summary>The slot that decides about a scope: lowest rank, then longest prefix; -1: none.</summary>
    public int Effective(Prefix scope, long now)
    {
        int best = -1;
        int bestRank = int.MaxValue;
        int[] lengths = Lengths(scope);
        for (int length = scope.Length; length >= 0; length--)
        {
            if (lengths[length] == 0)
            {
                continue;
            }

            Prefix ancestor = Prefix.Around(scope.Network, length);
            for (int slot = FirstIn(ancestor); slot >= 0; slot = this[slot].Next)
            {
                ref DecisionRow row = ref this[slot];
                if (row.Speaks(ancestor) && row.Rank < bestRank && Expiry(slot) > now)
                {
                    best = slot;
                    bestRank = row.Rank;
                }
            }
        }

        return best;
    }

    /// <summary>Slots of every decision whose scope lies inside this one (itself too), in order of scope.</summary>
    public IEnumerable<int> Inside(Prefix scope)
    {
        UInt128 last = scope.Last.Value;
        SortedSlots<ScopeKey, ByScope>.Position at = _order.LowerBound(new ScopeKey(scope));
        while (_order.TryNext(ref at, out int slot))
        {
            Prefix inner = this[slot].Scope;
            if (inner.Network.Value > last)
            {
                yield break;
            }

            // IPv4 lies inside the numbers of ::/n, but not inside the prefix.
            if (inner.IsV4 == scope.IsV4)
            {
                yield return slot;
            }
        }
    }

    /// <summary>Slots of scopes that follow this one in order; null: of all.</summary>
    public IEnumerable<int> After(Prefix? scope)
    {
        SortedSlots<ScopeKey, ByScope>.Position at = scope is { } before ? _order.LowerBound(new ScopeKey(before)) : default;
        while (_order.TryNext(ref at, out int slot))
        {
            yield return slot;
        }
    }

    /// <summary>Every slot in order of scope.</summary>
    public IEnumerable<int> InOrder()
    {
        SortedSlots<ScopeKey, ByScope>.Position at = default;
        while (_order.TryNext(ref at, out int slot))
        {
            yield return slot;
        }
    }

    /// <summary>
    /// Copies out the rows of the next block in order of scope; 0: that was all. The rows lie scattered in memory, and reading them in one
    /// loop without a branch lets the processor wait for many at once.
    /// </summary>
    public int CopyBlock(ref int block, Span<DecisionRow> rows, Span<long> expiries)
    {
        if (!_order.TryNextBlock(ref block, out ReadOnlySpan<int> slots))
        {
            return 0;
        }

        for (int i = 0; i < slots.Length; i++)
        {
            rows[i] = this[slots[i]];
            expiries[i] = Expiry(slots[i]);
        }

        return slots.Length;
    }

    /// <summary>Slots with an id below this one, newest first.</summary>
    public IEnumerable<int> Before(long id, Origin? origin)
    {
        int first = origin is null ? 0 : (int)origin;
        int last = origin is null ? Origins - 1 : first;
        var places = new SortedSlots<long, ById>.Position[Origins];
        int[] heads = new int[Origins];
        for (int lane = first; lane <= last; lane++)
        {
            places[lane] = _lanes[lane].LowerBound(id);
            _lanes[lane].TryPrevious(ref places[lane], out heads[lane]);
        }

        while (true)
        {
            int newest = -1;
            for (int lane = first; lane <= last; lane++)
            {
                if (heads[lane] >= 0 && (newest < 0 || this[heads[lane]].Id > this[heads[newest]].Id))
                {
                    newest = lane;
                }
            }

            if (newest < 0)
            {
                yield break;
            }

            yield return heads[newest];
            _lanes[newest].TryPrevious(ref places[newest], out heads[newest]);
        }
    }

    /// <summary>Slots that have ended. One pass over the expiry column (8 MB a million), and none before something can have ended.</summary>
    public void Ended(long now, List<int> into, int most)
    {
        if (now < EarliestExpiry)
        {
            return;
        }

        long earliest = long.MaxValue;
        for (int chunk = 0; chunk < _expiries.Count; chunk++)
        {
            long[] column = _expiries[chunk];
            for (int i = 0; i < column.Length; i++)
            {
                if (column[i] <= now)
                {
                    if (into.Count == most)
                    {
                        // The next call finds the rest.
                        return;
                    }

                    into.Add((chunk << ChunkBits) + i);
                }
                else
                {
                    earliest = Math.Min(earliest, column[i]);
                }
            }
        }

        EarliestExpiry = earliest;
    }
}
