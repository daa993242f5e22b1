using Blackwall.Composition;
using Blackwall.Mesh.Sharing;

namespace Blackwall.Bridges.Mesh;

/// <summary>What is counted of the mesh.</summary>
internal static class MeshMetrics
{
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
            Fields<ShareCount>()),
        Metric.Several(MetricType.Counter, "blackwall.mesh.troubles", "{trouble}", "What kept this sensor from others, by what it was.", "mesh", "kind", Fields<MeshTrouble>()),
        Metric.Counter("blackwall.mesh.paced", "{rpc}", "Times that a peer was made to wait, because it sends more bytes than it may.", "mesh", "paced"),
    ];

    private static (string Field, string Label)[] Fields<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetNames<TEnum>().Select(name => (MeshLink.FieldOf(name), Api.Contracts.Words.Kebab(name)))];
}
