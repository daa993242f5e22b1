using Blackwall.Composition;

namespace Blackwall.Api.Auditing;

/// <summary>What is counted of the audit log.</summary>
internal static class AuditMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.audit.entries", "{entry}", "Entries that were stored.", "audit", "written"),
        Metric.Gauge("blackwall.audit.waiting", "{entry}", "Entries that wait for the disk.", "audit", "waiting"),
        Metric.Counter("blackwall.audit.dropped", "{entry}", "Audit entries dropped while the disk refused writes.", "audit", "dropped"),
        Metric.Counter("blackwall.audit.failures", "{attempt}", "Writes that the disk refused.", "audit", "failures"),
    ];
}
