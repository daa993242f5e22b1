using Blackwall.Composition;

namespace Blackwall.Inspection;

/// <summary>What is counted of requests that were read.</summary>
internal static class InspectionMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.dpi.rules", "{rule}", "Rules that requests are held against.", "dpi", "rules"),
        Metric.Counter("blackwall.dpi.requests", "{request}", "Requests that were read.", "dpi", "requests"),
        Metric.Gauge("blackwall.dpi.streams", "{stream}", "Streams that are being put together.", "dpi", "streams"),
        Metric.Counter("blackwall.dpi.streams_displaced", "{stream}", "Streams that were given up to make room.", "dpi", "streamsDisplaced"),
        Metric.Counter("blackwall.dpi.gaps", "{gap}", "Streams that lost a segment.", "dpi", "gaps"),
        Metric.Counter("blackwall.dpi.unkept", "{request}", "Requests that were longer than what is kept.", "dpi", "unkept"),
        Metric.Counter("blackwall.dpi.evidence", "{evidence}", "Evidence of requests that met a rule.", "dpi", "evidence"),
        Metric.Counter("blackwall.dpi.repeated", "{request}", "Requests that met a rule already reported of that source a moment ago.", "dpi", "repeated"),
    ];
}
