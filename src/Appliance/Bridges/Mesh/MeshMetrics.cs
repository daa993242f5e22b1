using Blackwall.Composition;

namespace Blackwall.Bridges.Mesh;

/// <summary>What is counted of the mesh.</summary>
internal static class MeshMetrics
{
    private static readonly string[] Gauges = ["connected", "listeners", "waiting"];

    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.mesh.connected", "{peer}", "Peers of the mesh that are connected.", "mesh", "connected"),
        Metric.Gauge("blackwall.mesh.listeners", "{peer}", "Peers that hear what is reported.", "mesh", "listeners"),
        Metric.Gauge("blackwall.mesh.waiting", "{message}", "Reports that nobody has heard yet.", "mesh", "waiting"),
        Metric.Several(
            MetricType.Counter,
            "blackwall.mesh.messages",
            "{message}",
            "Messages of the mesh, by what became of them.",
            "mesh",
            "outcome",
            [.. Enum.GetNames<Blackwall.Mesh.Sharing.ShareCount>().Select(name => (char.ToLowerInvariant(name[0]) + name[1..], Api.Contracts.Words.Kebab(name))).Where(field => !Gauges.Contains(field.Item1, StringComparer.Ordinal))]),
    ];
}
