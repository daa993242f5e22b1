using System.Collections.Concurrent;
using Blackwall.Pipeline;

namespace Blackwall.Behavior;

/// <summary>
/// What the operator called false positives: bounded, each with an end. Asked only once evidence is found, so a look-up costs nothing on
/// the packet path.
/// </summary>
public sealed class FalsePositiveLedger(TimeProvider time) : IFalsePositives, IStatsSource
{
    public const int Capacity = 10_000;

    private readonly ConcurrentDictionary<Address, Entry> _marks = new();
    private readonly long[] _marked = new long[EvidenceKinds.Count];
    private long _damped;

    /// <summary>Called after each new mark; stores all of them, false: the disk refused.</summary>
    internal Func<bool> Changed { get; set; } = () => true;

    /// <summary>Whether every mark is on the disk.</summary>
    public bool Stored { get; internal set; } = true;

    public string Name => "falsePositives";

    public IReadOnlyList<string> Kinds { get; } = [.. Enum.GetValues<EvidenceKind>().Where(kind => kind != EvidenceKind.TargetFlood).Select(EvidenceKinds.Word)];

    /// <summary>Marks in force.</summary>
    public IReadOnlyList<FalsePositive> All => [.. _marks.Values.Select(entry => entry.Mark).Where(mark => mark.Expiry > time.GetUtcNow()).OrderBy(mark => mark.Marked)];

    public FalsePositive? Find(Address source) =>
        _marks.TryGetValue(source, out Entry? entry) && entry.Mark.Expiry > time.GetUtcNow() ? entry.Mark : null;

    public bool Mark(FalsePositive mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (!Restore(mark))
        {
            return false;
        }

        foreach (string word in mark.Kinds)
        {
            if (EvidenceKinds.Parse(word) is { } kind)
            {
                Interlocked.Increment(ref _marked[(int)kind]);
            }
        }

        Stored = Changed();
        return true;
    }

    /// <summary>Takes up a mark of an earlier run; false: there is no room.</summary>
    public bool Restore(FalsePositive mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (_marks.Count >= Capacity && !_marks.ContainsKey(mark.Source))
        {
            foreach ((Address source, Entry entry) in _marks)
            {
                if (entry.Mark.Expiry <= time.GetUtcNow())
                {
                    _marks.TryRemove(source, out _);
                }
            }

            if (_marks.Count >= Capacity)
            {
                return false;
            }
        }

        uint bits = 0;
        foreach (string word in mark.Kinds)
        {
            bits |= EvidenceKinds.Parse(word) is { } kind ? 1u << (int)kind : 0;
        }

        _marks[mark.Source] = new Entry(mark, bits);
        return true;
    }

    /// <summary>How often each kind was marked since the start, and how often a mark kept evidence from counting.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        Dictionary<string, long> counters = new(StringComparer.Ordinal) { ["marks"] = _marks.Count, ["damped"] = Interlocked.Read(ref _damped) };
        foreach (EvidenceKind kind in Enum.GetValues<EvidenceKind>())
        {
            counters["marked" + kind] = Interlocked.Read(ref _marked[(int)kind]);
        }

        return counters;
    }

    /// <summary>Whether evidence of this kind does not count against a source.</summary>
    internal bool Damps(Address source, EvidenceKind kind, DateTimeOffset now)
    {
        if (_marks.IsEmpty || !_marks.TryGetValue(source, out Entry? entry) || (entry.Bits & (1u << (int)kind)) == 0 || entry.Mark.Expiry <= now)
        {
            return false;
        }

        Interlocked.Increment(ref _damped);
        return true;
    }

    private sealed record Entry(FalsePositive Mark, uint Bits);
}
