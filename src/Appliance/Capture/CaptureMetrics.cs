using Blackwall.Composition;

namespace Blackwall.Capture;

/// <summary>What is counted of captures.</summary>
internal static class CaptureMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.captures.inbox_dropped", "{item}", "Decisions and suspects dropped because the queue to the captures was full.", "captureInbox", "dropped"),
        Metric.Gauge("blackwall.captures.open", "{capture}", "Captures that run.", "captures", "open"),
        Metric.Gauge("blackwall.captures.suspects", "{source}", "Sources whose packets are kept in memory.", "captures", "suspects"),
        Metric.Counter("blackwall.captures.suspects_displaced", "{source}", "Suspects that made room for others.", "captures", "suspectsDisplaced"),
        Metric.Counter("blackwall.captures.packets", "{packet}", "Packets that were captured.", "captures", "packets"),
        Metric.Counter("blackwall.captures.packets_lost", "{packet}", "Packets that the tap lost.", "captures", "packetsLost"),
        Metric.Gauge("blackwall.captures.stored", "By", "What all captures take up on the disk.", "captures", "storedBytes"),
        Metric.Counter("blackwall.captures.refused", "{capture}", "Captures that could not be begun.", "captures", "refused"),
        Metric.Counter("blackwall.captures.write_failures", "{attempt}", "Writes that the disk refused.", "captures", "writeFailures"),
    ];
}
