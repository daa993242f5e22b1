using System.Collections.Concurrent;
using System.Collections.Frozen;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior.Judgement;

/// <summary>The operator's false positives: bounded, each with an end. Looked up only when evidence is found, so it costs nothing on the packet path.</summary>
public sealed class FalsePositiveLedger(TimeProvider time, SteadyClock? clock = null) : IFalsePositives, IStatsSource
{
    public const int Capacity = 10_000;

    private readonly SteadyClock _clock = clock ?? new SteadyClock(time);
    private readonly ConcurrentDictionary<Address, Entry> _marks = new();
    private readonly long[] _marked = new long[EvidenceKind.All.Count];
    private long _damped;

    /// <summary>Called after each new mark; stores all of them, false: the disk refused.</summary>
    internal Func<bool> Changed { get; set; } = () => true;

    /// <summary>Whether every mark is on the disk.</summary>
    public bool Stored { get; internal set; } = true;

    public string Name => "falsePositives";

    public IReadOnlyList<string> Kinds { get; } = [.. EvidenceKind.All.Where(kind => kind.IsAccusation).Select(kind => kind.Name)];

    /// <summary>Marks in force.</summary>
    public IReadOnlyList<FalsePositive> All => [.. _marks.Values.Where(entry => entry.Ends > _clock.Now).Select(Shown).OrderBy(mark => mark.Marked)];

    public FalsePositive? Find(Address source) =>
        _marks.TryGetValue(source, out Entry? entry) && entry.Ends > _clock.Now ? Shown(entry) : null;

    public bool Mark(FalsePositive mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (!Restore(mark))
        {
            return false;
        }

        foreach (string word in mark.Kinds)
        {
            if (EvidenceKind.Parse(word) is { } kind)
            {
                Interlocked.Increment(ref _marked[kind.Number]);
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
                if (entry.Ends <= _clock.Now)
                {
                    _marks.TryRemove(source, out _);
                }
            }

            if (_marks.Count >= Capacity)
            {
                return false;
            }
        }

        _marks[mark.Source] = new Entry(mark, mark.Kinds.ToFrozenSet(StringComparer.Ordinal), _clock.FromDate(mark.Expiry));
        return true;
    }

    /// <summary>How often each kind was marked since the start, and how often a mark kept evidence from counting.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        Dictionary<string, long> counters = new(StringComparer.Ordinal) { ["marks"] = _marks.Count, ["damped"] = Interlocked.Read(ref _damped) };
        foreach (EvidenceKind kind in EvidenceKind.All)
        {
            counters["marked" + kind] = Interlocked.Read(ref _marked[kind.Number]);
        }

        return counters;
    }

    /// <summary>Whether evidence of this kind does not count against a source.</summary>
    internal bool Damps(Address source, EvidenceKind kind, DateTimeOffset now)
    {
        if (_marks.IsEmpty || !_marks.TryGetValue(source, out Entry? entry) || !entry.Kinds.Contains(kind.Name) || entry.Ends <= _clock.FromDate(now))
        {
            return false;
        }

        Interlocked.Increment(ref _damped);
        return true;
    }

    // Its end is counted on the boot clock; the date follows the wall clock.
    private FalsePositive Shown(Entry entry) => entry.Mark with { Expiry = _clock.ToDate(entry.Ends) };

    private sealed record Entry(FalsePositive Mark, FrozenSet<string> Kinds, long Ends);
}
