using Blackwall.Composition;

namespace Blackwall.Api.Keys;

/// <summary>What is counted of keys.</summary>
internal static class KeyMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.keys.wrong", "{request}", "Requests with a key that is none.", "keys", "wrong"),
        Metric.Counter("blackwall.keys.turned_away", "{request}", "Requests of addresses that tried too many keys.", "keys", "turnedAway"),
        Metric.Gauge("blackwall.keys.addresses", "{address}", "Addresses whose tries are remembered.", "keys", "addresses"),
        Metric.Counter("blackwall.keys.evicted", "{address}", "Addresses whose tries were forgotten to make room.", "keys", "evicted"),
    ];
}
