using Blackwall.Composition;

namespace Blackwall.Siem;

/// <summary>What is counted of forwarded events.</summary>
internal static class SiemMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.sinks", "{sink}", "Sinks that there are.", "sinks", "sinks"),
        Metric.Gauge("blackwall.sinks.retrying", "{sink}", "Sinks whose last attempt failed.", "sinks", "retrying"),
        Metric.Counter("blackwall.sinks.sent", "{event}", "Events that sinks took.", "sinks", "sent"),
        Metric.Counter("blackwall.sinks.refused", "{event}", "Events that sinks refused for what they are.", "sinks", "refused"),
        Metric.Counter("blackwall.sinks.missed", "{event}", "Events that the log did not have any more when a sink was to get them.", "sinks", "missed"),
        Metric.Counter("blackwall.sinks.failures", "{attempt}", "Attempts to send that failed.", "sinks", "failures"),
        Metric.Gauge("blackwall.sinks.behind", "{event}", "Events that wait for the sink that is furthest behind.", "sinks", "behind"),
    ];
}
