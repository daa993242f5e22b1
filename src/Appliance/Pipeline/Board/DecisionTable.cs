using System.Runtime.InteropServices;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// The decisions and their indexes: by scope (hash, for "who decides about this"), in order of scope (for "what lies inside this" and for one
/// sweep over everything), and by id within each origin (for pages). About 72 bytes a decision, without an object each, so that two
/// million neither weigh on the collector nor on the machine. Not thread-safe: the board locks.
/// </summary>
internal sealed partial class DecisionTable
{
    /// <summary>Most rows that <see cref="CopyBlock"/> copies.</summary>
    public const int BlockSize = SortedSlots<ScopeKey, ByScope>.BlockSize;

    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;
    private static readonly int Origins = Enum.GetValues<Origin>().Length;

    private readonly List<DecisionRow[]> _rows = [];
    private readonly List<long[]> _expiries = [];
    private readonly Dictionary<int, Annotation> _annotations = [];
    private readonly int[] _lengths4 = new int[33];
    private readonly int[] _lengths6 = new int[129];
    private readonly int[] _byVerdict = new int[Enum.GetValues<Verdict>().Length];
    private readonly SortedSlots<ScopeKey, ByScope> _order;
    private readonly SortedSlots<long, ById>[] _lanes;
    private int[] _buckets = new int[1024];
    private int _used;
    private int _free = -1;

    public DecisionTable()
    {
        _order = new(new ByScope(this));
        _lanes = [.. Enumerable.Range(0, Origins).Select(_ => new SortedSlots<long, ById>(new ById(this)))];
    }

    /// <summary>What few decisions carry: a comment, and the ids of the evidence.</summary>
    public sealed record Annotation(string? Comment, long[] EvidenceIds);

    public int Count => _order.Count;

    /// <summary>No decision ends before this; milliseconds.</summary>
    public long EarliestExpiry { get; private set; } = long.MaxValue;

    public ref DecisionRow this[int slot] => ref _rows[slot >> ChunkBits][slot & (ChunkSize - 1)];

    public long Expiry(int slot) => _expiries[slot >> ChunkBits][slot & (ChunkSize - 1)];

    public void SetExpiry(int slot, long expiry)
    {
        _expiries[slot >> ChunkBits][slot & (ChunkSize - 1)] = expiry;
        EarliestExpiry = Math.Min(EarliestExpiry, expiry);
    }

    public Annotation? AnnotationOf(int slot) => _annotations.GetValueOrDefault(slot);

    public void Annotate(int slot, string? comment, long[] evidenceIds)
    {
        if (comment is null && evidenceIds.Length == 0)
        {
            _annotations.Remove(slot);
        }
        else
        {
            _annotations[slot] = new Annotation(comment, evidenceIds);
        }
    }

    public int CountOf(Origin origin) => _lanes[(int)origin].Count;

    public int CountOf(Verdict verdict) => _byVerdict[(int)verdict];

    public void SetVerdict(int slot, Verdict verdict)
    {
        ref DecisionRow row = ref this[slot];
        _byVerdict[row.VerdictCode]--;
        row.Verdict = verdict;
        _byVerdict[row.VerdictCode]++;
    }

    public int Add(in DecisionRow row, long expiry)
    {
        int slot = Place(row, expiry);
        _order.Add(slot);
        _lanes[row.OriginCode].Add(slot);
        return slot;
    }

    /// <summary>Part of a first load in any order: the row is not in the ordered indexes before <see cref="Order"/>.</summary>
    public int Append(in DecisionRow row, long expiry) => Place(row, expiry);

    /// <summary>Ends a first load: sorts once instead of placing each.</summary>
    public void Order()
    {
        int[] slots = [.. Enumerable.Range(0, _used)];
        bool ordered = true;
        for (int i = 1; ordered && i < slots.Length; i++)
        {
            ordered = KeyOfScope(slots[i - 1]).CompareTo(KeyOfScope(slots[i])) < 0;
        }

        if (!ordered)
        {
            Array.Sort(slots, (a, b) => KeyOfScope(a).CompareTo(KeyOfScope(b)));
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
    public void AddOrdered(ReadOnlySpan<DecisionRow> rows, ReadOnlySpan<long> expiries)
    {
        int[] merged = new int[Count + rows.Length];
        int[] added = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            added[i] = Place(rows[i], expiries[i]);
            _lanes[rows[i].OriginCode].Add(added[i]);
        }

        int next = 0;
        int count = 0;
        foreach (int slot in InOrder())
        {
            while (next < added.Length && KeyOfScope(added[next]).CompareTo(KeyOfScope(slot)) < 0)
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
        ref DecisionRow row = ref this[slot];
        _order.Remove(slot);
        _lanes[row.OriginCode].Remove(slot);
        _annotations.Remove(slot);
        _byVerdict[row.VerdictCode]--;
        Lengths(row.Scope)[row.Length]--;

        ref int link = ref _buckets[BucketOf(row.Scope)];
        int at = link - 1;
        if (at == slot)
        {
            link = row.Next + 1;
        }
        else
        {
            while (this[at].Next != slot)
            {
                at = this[at].Next;
            }

            this[at].Next = row.Next;
        }

        row = default;
        row.Next = _free;
        _free = slot;
        _expiries[slot >> ChunkBits][slot & (ChunkSize - 1)] = long.MaxValue;
    }

    private int Place(in DecisionRow row, long expiry)
    {
        if (_used >= _buckets.Length)
        {
            Rehash();
        }

        int slot = _free;
        if (slot >= 0)
        {
            _free = this[slot].Next;
        }
        else
        {
            slot = _used++;
            if (slot >> ChunkBits == _rows.Count)
            {
                _rows.Add(new DecisionRow[ChunkSize]);
                long[] column = new long[ChunkSize];
                Array.Fill(column, long.MaxValue);
                _expiries.Add(column);
            }
        }

        ref int bucket = ref _buckets[BucketOf(row.Scope)];
        this[slot] = row;
        this[slot].Next = bucket - 1;
        bucket = slot + 1;
        SetExpiry(slot, expiry);
        Lengths(row.Scope)[row.Length]++;
        _byVerdict[row.VerdictCode]++;
        return slot;
    }

    private void Rehash()
    {
        _buckets = new int[_buckets.Length * 2];
        for (int slot = 0; slot < _used; slot++)
        {
            ref DecisionRow row = ref this[slot];
            if (row.Id != 0)
            {
                ref int bucket = ref _buckets[BucketOf(row.Scope)];
                row.Next = bucket - 1;
                bucket = slot + 1;
            }
        }
    }

    private int FirstIn(Prefix scope) => _buckets[BucketOf(scope)] - 1;

    // HashCode is seeded per process: nobody outside can aim at one bucket.
    private int BucketOf(Prefix scope) => HashCode.Combine((ulong)(scope.Network.Value >> 64), (ulong)scope.Network.Value, scope.Length) & (_buckets.Length - 1);

    private int[] Lengths(Prefix scope) => scope.IsV4 ? _lengths4 : _lengths6;

    private ScopeKey KeyOfScope(int slot)
    {
        ref DecisionRow row = ref this[slot];
        return new ScopeKey(row.High, row.Low, row.Length, row.OriginCode);
    }

    /// <summary>The order of <see cref="Prefix.CompareTo"/>, then the origin.</summary>
    private readonly record struct ScopeKey(ulong High, ulong Low, byte Length, byte Origin) : IComparable<ScopeKey>
    {
        public ScopeKey(Prefix scope)
            : this((ulong)(scope.Network.Value >> 64), (ulong)scope.Network.Value, scope.Length, 0)
        {
        }

        public int CompareTo(ScopeKey other)
        {
            if (High != other.High)
            {
                return High < other.High ? -1 : 1;
            }

            if (Low != other.Low)
            {
                return Low < other.Low ? -1 : 1;
            }

            return Length != other.Length ? Length - other.Length : Origin - other.Origin;
        }
    }

    private readonly struct ByScope(DecisionTable table) : ISlotKey<ScopeKey>
    {
        public ScopeKey KeyOf(int slot) => table.KeyOfScope(slot);
    }

    private readonly struct ById(DecisionTable table) : ISlotKey<long>
    {
        public long KeyOf(int slot) => table[slot].Id;
    }
}
