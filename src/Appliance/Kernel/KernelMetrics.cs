using Blackwall.Api.Contracts;
using Blackwall.Composition;

namespace Blackwall.Kernel;

/// <summary>What is counted of the wall and of what comes from it.</summary>
internal static class KernelMetrics
{
    private const string Interface = "interface";

    public static IReadOnlyList<Metric> All { get; } =
    [
        Packets("blackwall.packets", "{packet}", "Packets by what became of them.", row => row.Packets),
        Packets("blackwall.bytes", "By", "Bytes by what became of their packets.", row => row.Bytes),
        Packets("blackwall.would.packets", "{packet}", "Packets by what would have become of them, while observing.", row => row.WouldPackets),
        Packets("blackwall.would.bytes", "By", "Bytes by what would have become of their packets, while observing.", row => row.WouldBytes),
        Metric.Observed(MetricType.Counter, "blackwall.lost", "{item}", "What got lost inside the kernel programs, by kind.", scrape => Gates(scrape).SelectMany(gate =>
            gate.Counters.Losses.Select(loss => Metric.Value(loss.Count, (Interface, gate.Status.Interface), ("kind", Words.Kebab(loss.Kind.ToString())))))),
        Metric.Observed(MetricType.Gauge, "blackwall.wall.info", "", "What the wall is; always 1.", scrape => Walls(scrape).Select(status => Metric.Value(
            1,
            (Interface, status.Interface),
            ("side", Words.Kebab(status.Side.ToString())),
            ("mode", Words.Kebab(status.Mode.ToString())),
            ("attach_mode", status.AttachMode ?? ""),
            ("egress_mode", status.EgressMode ?? ""),
            ("fallback", status.Fallback ?? ""),
            ("adopted", status.Adopted ? "true" : "false")))),
        Metric.Observed(MetricType.Gauge, "blackwall.wall.up", "", "1 while the wall is attached and without a fault.", scrape => Walls(scrape).Select(status =>
            Metric.Value(status is { AttachMode: not null, Fault: null } ? 1 : 0, (Interface, status.Interface)))),
        Metric.Observed(MetricType.Gauge, "blackwall.policy.generation", "{generation}", "Policy generation in force.", scrape => [Metric.Value(scrape.Services.GetRequiredService<IWall>().Status.Generation)]),
        Metric.Counter("blackwall.wall.events", "{event}", "Events that were taken from the kernel's rings.", "wall", "eventsTaken"),
        Metric.Counter("blackwall.wall.events_unreadable", "{event}", "Events of a size or kind that is not known.", "wall", "eventsUnreadable"),
        Metric.Counter("blackwall.wall.entries_written", "{entry}", "Entries of the policy that were written in place.", "wall", "entriesWritten"),
        Metric.Counter("blackwall.wall.policies_replaced", "{generation}", "Whole policies that were built and swapped in.", "wall", "policiesReplaced"),
        Metric.Counter("blackwall.wall.write_failures", "{attempt}", "Changes of the policy that the kernel refused.", "wall", "writesFailed"),
        Metric.Several(MetricType.Counter, "blackwall.wall.audit", "{entry}", "Entries of board and kernel that were compared, and those that differed.", "wall", "outcome", ("auditCompared", "compared"), ("auditDiffered", "differed")),
        Metric.Counter("blackwall.wall.audit_passes", "{pass}", "Times that the whole policy was compared.", "wall", "auditPasses"),
    ];

    private static Metric Packets(string name, string unit, string help, Func<WallCounters.Row, ulong> value) => Metric.Observed(MetricType.Counter, name, unit, help, scrape =>
        Gates(scrape).SelectMany(gate => gate.Counters.Reasons.Select(row => Metric.Value(value(row), (Interface, gate.Status.Interface), ("reason", Words.Kebab(row.Reason.ToString()))))));

    private static IReadOnlyList<GateReading> Gates(MetricScrape scrape) => scrape.Once("gates", static services => services.GetRequiredService<IWall>().ReadGates());

    private static IReadOnlyList<WallStatus> Walls(MetricScrape scrape) => scrape.Services.GetRequiredService<IWall>().Statuses;
}
