using Blackwall.Composition;

namespace Blackwall.Intel;

/// <summary>What is counted of intelligence.</summary>
internal static class IntelMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.intel.objects", "{object}", "STIX objects that are kept, all versions counted.", "intel", "objects"),
        Metric.Counter("blackwall.intel.changes", "{indicator}", "Changes of indicators.", "intel", "changes"),
        Metric.Counter("blackwall.intel.published", "{object}", "Versions of STIX objects that were published.", "intel", "published"),
        Metric.Counter("blackwall.intel.evicted", "{object}", "Oldest versions that made room.", "intel", "evicted"),
        Metric.Counter("blackwall.intel.syncs", "{sync}", "Comparisons of all indicators with the decisions in force.", "intel", "syncs"),
    ];
}
