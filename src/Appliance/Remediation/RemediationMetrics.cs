using Blackwall.Composition;

namespace Blackwall.Remediation;

/// <summary>What is counted of what others enforce.</summary>
internal static class RemediationMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.remediation.blocks", "{block}", "Addresses and prefixes that others are told to keep out.", "remediation", "blocks"),
        Metric.Counter("blackwall.remediation.syncs", "{sync}", "Comparisons of the whole list with the decisions in force.", "remediation", "syncs"),
    ];
}
