using Blackwall.Composition;

namespace Blackwall.Api;

/// <summary>What is counted of connections.</summary>
internal static class ApiMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Several(MetricType.Gauge, "blackwall.api.connections", "{connection}", "Connections to the API.", "connections", "key", ("withoutKey", "none"), ("withKey", "proven")),
        Metric.Counter("blackwall.api.connections_displaced", "{connection}", "Connections without a key that made room for others.", "connections", "displaced"),
        Metric.Counter("blackwall.api.connections_timed_out", "{connection}", "Connections that showed no key in time.", "connections", "timedOut"),
    ];
}
