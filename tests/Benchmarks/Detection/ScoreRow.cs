
namespace Blackwall.Benchmarks.Detection;

/// <summary>How one detector did on one traffic.</summary>
/// <param name="Found">Attackers found.</param>
/// <param name="Attackers">Attackers there are.</param>
/// <param name="False">Others that were told of.</param>
/// <param name="FalseBlocks">Others that were dropped.</param>
/// <param name="Hours">Hours of traffic.</param>
/// <param name="Delay">Median seconds from an attacker's beginning to the first alarm; NaN: none found.</param>
internal sealed record ScoreRow(int Found, int Attackers, int False, int FalseBlocks, double Hours, double Delay)
{
    /// <summary>Adds up runs with other seeds.</summary>
    public static ScoreRow Sum(IReadOnlyCollection<ScoreRow> rows)
    {
        double[] delays = [.. rows.Select(r => r.Delay).Where(d => !double.IsNaN(d)).Order()];
        return new ScoreRow(
            rows.Sum(r => r.Found), rows.Sum(r => r.Attackers), rows.Sum(r => r.False), rows.Sum(r => r.FalseBlocks), rows.Sum(r => r.Hours),
            delays.Length == 0 ? double.NaN : delays[delays.Length / 2]);
    }

    /// <param name="truths">Who attacks.</param>
    /// <param name="alarms">What was told.</param>
    /// <param name="any">Whether any kind of alarm counts: baselines have one.</param>
    /// <param name="hours">Hours of traffic.</param>
    /// <param name="start">Seconds since 1970 of the first packet.</param>
    public static ScoreRow Of(IReadOnlyList<Truth> truths, IReadOnlyList<Alarm> alarms, bool any, double hours, double start)
    {
        List<double> delays = [];
        HashSet<Alarm> right = [];
        foreach (Truth truth in truths)
        {
            // Anything told of an attacker is no false alarm; found it is by the right kind.
            Alarm[] about = [.. alarms.Where(a => IsAbout(a, truth.Subject))];
            right.UnionWith(about);
            double? first = about.Where(a => any || truth.Kinds.Count == 0 || truth.Kinds.Contains(a.Kind, StringComparer.Ordinal)).Select(a => (double?)a.Time).Min();
            if (first is { } time)
            {
                delays.Add(Math.Max(0, time - (truth.From < 0 ? start : truth.From)));
            }
        }

        Alarm[] wrong = [.. alarms.Where(a => !right.Contains(a))];
        delays.Sort();
        return new ScoreRow(
            delays.Count,
            truths.Count,
            wrong.Select(a => (a.Source, a.Other)).Distinct().Count(),
            wrong.Where(a => a.Blocks).Select(a => a.Source).Distinct(StringComparer.Ordinal).Count(),
            hours,
            delays.Count == 0 ? double.NaN : delays[delays.Count / 2]);
    }

    private static bool IsAbout(Alarm alarm, string subject)
    {
        string[] ends = subject.Split(' ');
        return string.Equals(ends[0], alarm.Source, StringComparison.Ordinal)
            && (ends.Length == 1 || alarm.Other is null || string.Equals(ends[1], alarm.Other, StringComparison.Ordinal));
    }
}
