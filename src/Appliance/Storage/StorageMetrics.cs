using System.Diagnostics.Metrics;
using Blackwall.Composition;

namespace Blackwall.Storage;

/// <summary>What is counted of the store.</summary>
internal static class StorageMetrics
{
    private static readonly Metric s_commits = Metric.Histogram("blackwall.store.commit.duration", "s", "How long a transaction of the store took.", 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5);

    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.store.claims", "{claim}", "Claims that were brought up to date in the store.", "journal", "written"),
        Metric.Counter("blackwall.store.commits", "{transaction}", "Transactions of the store.", "journal", "batches"),
        Metric.Counter("blackwall.store.jobs", "{job}", "Writes that somebody waited for.", "journal", "jobs"),
        Metric.Counter("blackwall.store.failures", "{attempt}", "Transactions that the disk refused.", "journal", "failures"),
        Metric.Several(MetricType.Gauge, "blackwall.store.waiting", "{item}", "What waits for the store.", "journal", "kind", ("waiting", "passing"), ("jobsWaiting", "job")),
        Metric.Counter("blackwall.store.dropped", "{item}", "Evidence and ended decisions dropped because the queue to the store was full.", "journal", "dropped"),
        Metric.Counter("blackwall.store.condensed", "{item}", "Forgeable evidence and limits that were only added up.", "journal", "condensed"),
        s_commits,
    ];

    /// <summary>How long transactions take, seconds, with what they wait for the disk.</summary>
    public static Histogram<double> Commits(Meter meter) => s_commits.On(meter);
}
