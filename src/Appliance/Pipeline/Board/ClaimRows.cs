using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// Where claims lie: rows of 48 bytes by slot number, their ends in a column beside them, and what few of them carry. Without an object each, so
/// that two million neither weigh on the collector nor on the machine. Not thread-safe: the board locks.
/// </summary>
internal sealed class ClaimRows
{
    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly List<ClaimRow[]> _rows = [];
    private readonly List<long[]> _ends = [];
    private readonly Dictionary<int, Annotation> _annotations = [];
    private readonly int[] _byVerdict = new int[Enum.GetValues<Verdict>().Length];
    private int _free = -1;

    /// <summary>What few claims carry: a comment, and the ids of the evidence.</summary>
    public sealed record Annotation(string? Comment, long[] EvidenceIds);

    /// <summary>Slots that were ever in use; all slot numbers lie below.</summary>
    public int Used { get; private set; }

    /// <summary>No claim ends before this; milliseconds.</summary>
    public long EarliestExpiry { get; private set; } = long.MaxValue;

    public ref ClaimRow this[int slot] => ref _rows[slot >> ChunkBits][slot & (ChunkSize - 1)];

    public long Expiry(int slot) => _ends[slot >> ChunkBits][slot & (ChunkSize - 1)];

    public void SetExpiry(int slot, long expiry)
    {
        _ends[slot >> ChunkBits][slot & (ChunkSize - 1)] = expiry;
        EarliestExpiry = Math.Min(EarliestExpiry, expiry);
    }

    public int CountOf(Verdict verdict) => _byVerdict[(int)verdict];

    public void SetVerdict(int slot, Verdict verdict)
    {
        ref ClaimRow row = ref this[slot];
        _byVerdict[row.VerdictCode]--;
        row.Verdict = verdict;
        _byVerdict[row.VerdictCode]++;
    }

    public Annotation? AnnotationOf(int slot) => _annotations.Count == 0 ? null : _annotations.GetValueOrDefault(slot);

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

    /// <summary>Gives a row a slot.</summary>
    public int Place(in ClaimRow row, long expiry)
    {
        int slot = _free;
        if (slot >= 0)
        {
            _free = this[slot].Next;
        }
        else
        {
            slot = Used++;
            if (slot >> ChunkBits == _rows.Count)
            {
                _rows.Add(new ClaimRow[ChunkSize]);
                long[] column = new long[ChunkSize];
                Array.Fill(column, long.MaxValue);
                _ends.Add(column);
            }
        }

        this[slot] = row;
        SetExpiry(slot, expiry);
        _byVerdict[row.VerdictCode]++;
        return slot;
    }

    public void Free(int slot)
    {
        ref ClaimRow row = ref this[slot];
        _annotations.Remove(slot);
        _byVerdict[row.VerdictCode]--;
        row = default;
        row.Next = _free;
        _free = slot;
        _ends[slot >> ChunkBits][slot & (ChunkSize - 1)] = long.MaxValue;
    }

    /// <summary>Slots that have ended. One pass over the column of ends (8 MB a million), and none before something can have ended.</summary>
    /// <param name="now">Milliseconds.</param>
    /// <param name="into">Where to.</param>
    /// <param name="most">At most this many.</param>
    public void Ended(long now, List<int> into, int most)
    {
        if (now < EarliestExpiry)
        {
            return;
        }

        long earliest = long.MaxValue;
        for (int chunk = 0; chunk < _ends.Count; chunk++)
        {
            long[] column = _ends[chunk];
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
