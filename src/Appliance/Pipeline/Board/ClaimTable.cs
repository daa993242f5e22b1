using System.Runtime.InteropServices;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// The claims and their indexes: by scope (hash, for "who decides about this"), in order of scope (for "what lies inside this" and for one
/// sweep over everything), by id within each origin (for pages) and by owner (to reconcile). About 80 bytes a claim. Not thread-safe: the board
/// locks.
/// </summary>
internal sealed class ClaimTable
{
    /// <summary>Most rows that <see cref="CopyBlock"/> copies.</summary>
    public const int BlockSize = SortedSlots<ScopeKey, ByScope>.BlockSize;

    private static readonly int Origins = OriginRules.All.Count;

    private readonly ScopeHash _hash;
    private readonly SortedSlots<ScopeKey, ByScope> _order;
    private readonly SortedSlots<long, ById>[] _lanes;

    public ClaimTable()
    {
        _hash = new ScopeHash(Rows);
        Owned = new OwnerSlots(Rows);
        _order = new(new ByScope(Rows));
        _lanes = [.. Enumerable.Range(0, Origins).Select(_ => new SortedSlots<long, ById>(new ById(Rows)))];
    }

    /// <summary>The rows by slot.</summary>
    public ClaimRows Rows { get; } = new();

    /// <summary>The slots by owner.</summary>
    public OwnerSlots Owned { get; }

    public int Count => _order.Count;

    public ref ClaimRow this[int slot] => ref Rows[slot];

    public long Expiry(int slot) => Rows.Expiry(slot);

    public int CountOf(Origin origin) => _lanes[(int)origin].Count;

    public Contender ContenderOf(int slot) => Rows[slot].With(Rows.Expiry(slot));

    public int Add(in ClaimRow row, long expiry)
    {
        int slot = Append(row, expiry);
        _order.Add(slot);
        _lanes[row.OriginCode].Add(slot);
        return slot;
    }

    /// <summary>Part of a first load in any order: the row is not in the ordered indexes before <see cref="Order"/>.</summary>
    public int Append(in ClaimRow row, long expiry)
    {
        int slot = Rows.Place(row, expiry);
        _hash.Add(slot);
        Owned.Add(slot);
        return slot;
    }

    /// <summary>Ends a first load: sorts once instead of placing each.</summary>
    public void Order()
    {
        int[] slots = [.. Enumerable.Range(0, Rows.Used)];
        bool ordered = true;
        for (int i = 1; ordered && i < slots.Length; i++)
        {
            ordered = ScopeKey.From(Rows, slots[i - 1]).CompareTo(ScopeKey.From(Rows, slots[i])) < 0;
        }

        if (!ordered)
        {
            Array.Sort(slots, (a, b) => ScopeKey.From(Rows, a).CompareTo(ScopeKey.From(Rows, b)));
        }

        _order.Load(slots);
        long[] ids = new long[slots.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            ids[i] = this[slots[i]].Id;
        }

        Array.Sort(ids, slots);
        List<int>[] lanes = [.. Enumerable.Range(0, Origins).Select(_ => new List<int>())];
        foreach (int slot in slots)
        {
            lanes[this[slot].OriginCode].Add(slot);
        }

        for (int origin = 0; origin < Origins; origin++)
        {
            _lanes[origin].Load(CollectionsMarshal.AsSpan(lanes[origin]));
        }
    }

    /// <summary>Adds many rows at once, ordered by scope and with rising ids: one merge instead of a search for each.</summary>
    public void AddOrdered(ReadOnlySpan<ClaimRow> rows, ReadOnlySpan<long> expiries)
    {
        int[] merged = new int[Count + rows.Length];
        int[] added = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            added[i] = Append(rows[i], expiries[i]);
            _lanes[rows[i].OriginCode].Add(added[i]);
        }

        int next = 0;
        int count = 0;
        foreach (int slot in InOrder())
        {
            while (next < added.Length && ScopeKey.From(Rows, added[next]).CompareTo(ScopeKey.From(Rows, slot)) < 0)
            {
                merged[count++] = added[next++];
            }

            merged[count++] = slot;
        }

        added.AsSpan(next).CopyTo(merged.AsSpan(count));
        _order.Load(merged);
    }

    public void Remove(int slot)
    {
        _order.Remove(slot);
        _lanes[this[slot].OriginCode].Remove(slot);
        Owned.Remove(slot);
        _hash.Remove(slot);
        Rows.Free(slot);
    }

    /// <summary>The slot of this owner's claim for exactly this scope; -1: none.</summary>
    public int Find(Prefix scope, Origin origin, ushort owner)
    {
        for (int slot = _hash.First(scope); slot >= 0; slot = this[slot].Next)
        {
            ref ClaimRow row = ref this[slot];
            if (row.IsOf(origin, owner) && row.Speaks(scope))
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>The slot of the claim with this id; -1: none.</summary>
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

    /// <summary>The next slot from this one on, as <see cref="ClaimRow.Next"/> links them, that speaks of exactly this scope; -1: none.</summary>
    /// <param name="scope">Address or prefix.</param>
    /// <param name="after">The one before; -1: the first.</param>
    public int NextOf(Prefix scope, int after = -1)
    {
        int slot = after < 0 ? _hash.First(scope) : this[after].Next;
        while (slot >= 0 && !this[slot].Speaks(scope))
        {
            slot = this[slot].Next;
        }

        return slot;
    }

    public bool IsListed(Prefix scope) => NextOf(scope) >= 0;

    /// <summary>Slots of every claim, ended or not, whose scope contains this one; widest scope first.</summary>
    public IEnumerable<int> Containing(Prefix scope)
    {
        int[] lengths = _hash.Lengths(scope);
        for (int length = 0; length <= scope.Length; length++)
        {
            if (lengths[length] == 0)
            {
                continue;
            }

            Prefix ancestor = Prefix.Around(scope.Network, length);
            for (int slot = NextOf(ancestor); slot >= 0; slot = NextOf(ancestor, slot))
            {
                yield return slot;
            }
        }
    }

    /// <summary>The slot that decides about a scope; -1: none.</summary>
    public int Effective(Prefix scope, long now)
    {
        int best = -1;
        Contender strongest = default;
        int[] lengths = _hash.Lengths(scope);
        for (int length = scope.Length; length >= 0; length--)
        {
            if (lengths[length] == 0)
            {
                continue;
            }

            Prefix ancestor = Prefix.Around(scope.Network, length);
            int next;
            for (int slot = _hash.First(ancestor); slot >= 0; slot = next)
            {
                ref ClaimRow row = ref Rows[slot];
                next = row.Next;
                if (!row.Speaks(ancestor) || Rows.Expiry(slot) is var ends && ends <= now)
                {
                    continue;
                }

                Contender contender = row.With(ends);
                if (best < 0 || Precedence.Beats(contender, strongest))
                {
                    (best, strongest) = (slot, contender);
                }
            }
        }

        return best;
    }

    /// <summary>Slots of every claim whose scope lies inside this one (itself too), in order of scope.</summary>
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
    public IEnumerable<int> InOrder() => After(null);

    /// <summary>
    /// Copies out the rows of the next block in order of scope; 0: that was all. The rows lie scattered in memory, and reading them in one
    /// loop without a branch lets the processor wait for many at once.
    /// </summary>
    public int CopyBlock(ref int block, Span<ClaimRow> rows, Span<long> expiries)
    {
        if (!_order.TryNextBlock(ref block, out ReadOnlySpan<int> slots))
        {
            return 0;
        }

        for (int i = 0; i < slots.Length; i++)
        {
            rows[i] = this[slots[i]];
            expiries[i] = Rows.Expiry(slots[i]);
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

    private readonly struct ByScope(ClaimRows rows) : ISlotKey<ScopeKey>
    {
        public ScopeKey KeyOf(int slot) => ScopeKey.From(rows, slot);
    }

    private readonly struct ById(ClaimRows rows) : ISlotKey<long>
    {
        public long KeyOf(int slot) => rows[slot].Id;
    }
}
