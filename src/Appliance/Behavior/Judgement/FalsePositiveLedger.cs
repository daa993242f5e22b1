using System.Collections.Concurrent;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior.Judgement;

/// <summary>
/// What the operator called false positives: bounded, each with an end. Asked only once evidence is found, so a look-up costs nothing on
/// the packet path.
/// </summary>
public sealed class FalsePositiveLedger(TimeProvider time, SteadyClock? clock = null) : IFalsePositives, IStatsSource
{
    public const int Capacity = 10_000;

    private readonly SteadyClock _clock = clock ?? new SteadyClock(time);
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

        uint bits = 0;
        foreach (string word in mark.Kinds)
        {
            bits |= EvidenceKinds.Parse(word) is { } kind ? 1u << (int)kind : 0;
        }

        _marks[mark.Source] = new Entry(mark, bits, _clock.FromDate(mark.Expiry));
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
        if (_marks.IsEmpty || !_marks.TryGetValue(source, out Entry? entry) || (entry.Bits & (1u << (int)kind)) == 0 || entry.Ends <= _clock.FromDate(now))
        {
            return false;
        }

        Interlocked.Increment(ref _damped);
        return true;
    }

    // Its end is counted on the boot clock; the date follows the wall clock.
    private FalsePositive Shown(Entry entry) => entry.Mark with { Expiry = _clock.ToDate(entry.Ends) };

    private sealed record Entry(FalsePositive Mark, uint Bits, long Ends);
}
