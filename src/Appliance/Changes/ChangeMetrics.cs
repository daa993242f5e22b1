using Blackwall.Composition;

namespace Blackwall.Changes;

/// <summary>What is counted of changes of the policy.</summary>
internal static class ChangeMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.changes.open", "{change}", "Changes in shadow or on trial.", "changes", "open"),
        Metric.Several(MetricType.Counter, "blackwall.changes", "{change}", "Changes that ended, by how.", "changes", "outcome", ("confirmed", "confirmed"), ("reverted", "reverted"), ("discarded", "discarded")),
    ];
}
