using Blackwall.Client.Status;

namespace Blackwall.Tui.Overview;

/// <summary>Packets a second, from counters that were read one after the other. Bounded; between two walls lies a gap, not a number.</summary>
internal sealed class RateHistory
{
    /// <summary>At one reading a second, the last ten minutes.</summary>
    public const int Capacity = 600;

    private static readonly int Kinds = Enum.GetValues<RateKind>().Length;
    private readonly Queue<double[]?> _rates = new(Capacity);
    private Stats? _last;

    /// <summary>The newest rate; null: not known yet.</summary>
    public double? Latest(RateKind kind) => _rates.LastOrDefault() is { } rates ? rates[(int)kind] : null;

    /// <summary>The newest <paramref name="count"/> rates, oldest first; null: not known.</summary>
    public IEnumerable<double?> Last(RateKind kind, int count) => _rates.Skip(Math.Max(0, _rates.Count - count)).Select(rates => rates?[(int)kind]);

    /// <summary>Packets a second by reason between the last two readings, most first; empty: not known.</summary>
    public IReadOnlyList<(string Reason, double Rate)> Reasons { get; private set; } = [];

    public void Add(Stats stats)
    {
        double[]? rates = null;
        if (_last is { } before && Between(before, stats) is { } gained)
        {
            double seconds = (stats.Time - before.Time).TotalSeconds;
            rates = new double[Kinds];
            foreach ((string reason, long packets, long would) in gained)
            {
                rates[(int)RateKind.Seen] += (packets + would) / seconds;
                rates[(int)RateKind.Passed] += would / seconds;
                rates[(int)RateKind.WouldStop] += would / seconds;
                rates[(int)KindOf(reason)] += packets / seconds;
            }

            Reasons = [.. gained.Select(g => (g.Reason, Rate: (g.Packets + g.Would) / seconds)).Where(g => g.Rate > 0).OrderByDescending(g => g.Rate).ThenBy(g => g.Reason, StringComparer.Ordinal)];
        }
        else if (_last is not null)
        {
            Reasons = [];
        }

        _last = stats;
        if (_rates.Count == Capacity)
        {
            _rates.Dequeue();
        }

        _rates.Enqueue(rates);
    }

    /// <summary>drop-limit-* and challenges are limits; other drop-* are drops.</summary>
    public static RateKind KindOf(string reason) => reason switch
    {
        _ when reason.StartsWith("pass-", StringComparison.Ordinal) => RateKind.Passed,
        _ when reason.StartsWith("redirect-", StringComparison.Ordinal) => RateKind.Redirected,
        _ when reason.StartsWith("drop-limit-", StringComparison.Ordinal) || reason.StartsWith("tx-", StringComparison.Ordinal) => RateKind.Limited,
        _ => RateKind.Dropped,
    };

    /// <summary>Null: a counter went back or time stood still, so these are readings of two different walls or of one moment.</summary>
    private static List<(string Reason, long Packets, long Would)>? Between(Stats before, Stats now)
    {
        if (now.Time <= before.Time)
        {
            return null;
        }

        Dictionary<string, Counter> old = new(StringComparer.Ordinal);
        foreach (Counter counter in before.Counters)
        {
            old[counter.Reason] = counter;
        }

        List<(string, long, long)> gained = [];
        foreach (Counter counter in now.Counters)
        {
            Counter? start = old.GetValueOrDefault(counter.Reason);
            (long packets, long would) = (counter.Packets - (start?.Packets ?? 0), counter.WouldPackets - (start?.WouldPackets ?? 0));
            old.Remove(counter.Reason);
            if (packets < 0 || would < 0)
            {
                return null;
            }

            gained.Add((counter.Reason, packets, would));
        }

        // A reason that was counted and is not listed any more was reset as well.
        return old.Values.Any(counter => counter.Packets + counter.WouldPackets > 0) ? null : gained;
    }
}
