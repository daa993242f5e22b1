namespace Blackwall.Benchmarks.Report;

/// <summary>Numbers of one figure over rounds.</summary>
internal static class Samples
{
    public static double Median(this IReadOnlyCollection<double> values) => values.Quantile(0.5);

    /// <summary>Nearest rank; 0 when there is nothing.</summary>
    public static double Quantile(this IReadOnlyCollection<double> values, double part)
    {
        if (values.Count == 0)
        {
            return 0;
        }

        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>
    /// The median of each measurement over rounds. One round takes each once, so that what disturbs the machine disturbs all of them.
    /// </summary>
    public static double[] Interleaved(int rounds, params IReadOnlyList<Func<double>> measurements)
    {
        List<double>[] all = [.. measurements.Select(_ => new List<double>())];
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < measurements.Count; i++)
            {
                double value = measurements[i]();
                if (round > 0)
                {
                    // The first round warms caches and code.
                    all[i].Add(value);
                }
            }
        }

        return [.. all.Select(values => values.Median())];
    }
}
