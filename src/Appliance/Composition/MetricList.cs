namespace Blackwall.Composition;

/// <summary>Every metric of every feature.</summary>
internal sealed class MetricList
{
    /// <exception cref="ArgumentException">Two features declare the same name.</exception>
    public MetricList(IEnumerable<Metric> metrics)
    {
        All = [.. metrics];
        if (All.GroupBy(metric => metric.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The metric '{twice.Key}' is declared twice.", nameof(metrics));
        }
    }

    public IReadOnlyList<Metric> All { get; }
}
