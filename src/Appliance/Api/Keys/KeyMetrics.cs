using Blackwall.Composition;

namespace Blackwall.Api.Keys;

/// <summary>What is counted of keys.</summary>
internal static class KeyMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.keys.wrong", "{request}", "Requests with an unknown key.", "keys", "wrong"),
        Metric.Counter("blackwall.keys.turned_away", "{request}", "Requests refused because their address had sent too many wrong keys.", "keys", "turnedAway"),
        Metric.Gauge("blackwall.keys.addresses", "{address}", "Addresses whose tries are remembered.", "keys", "addresses"),
        Metric.Counter("blackwall.keys.evicted", "{address}", "Addresses whose tries were forgotten to make room.", "keys", "evicted"),
    ];
}
