using Blackwall.Composition;

namespace Blackwall.Behavior;

/// <summary>What is counted of detection.</summary>
internal static class DetectionMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.detection.events", "{event}", "Events of the kernel that detection saw.", "detection", "events"),
        Metric.Counter("blackwall.detection.samples", "{sample}", "Payload samples that detection saw.", "detection", "samples"),
        Metric.Several(MetricType.Counter, "blackwall.detection.requests", "{request}", "Decisions that detection asked for, and what became of them.", "detection", "outcome", ("requested", "requested"), ("published", "published"), ("refused", "refused")),
        Metric.Counter("blackwall.detection.dropped", "{finding}", "Findings dropped because the queue to the board was full.", "detection", "dropped"),
        Metric.Counter("blackwall.detection.feedback_dropped", "{feedback}", "Lifted and refused decisions that did not reach the detectors because their queue was full.", "detection", "feedbackDropped"),
        Metric.Several(MetricType.Gauge, "blackwall.detection.sources", "{source}", "Sources that are remembered.", "detection", "region", ("unprovenSources", "unproven"), ("provenSources", "proven"), ("watchedSources", "watched")),
        Metric.Several(MetricType.Counter, "blackwall.detection.sources_evicted", "{source}", "Sources that were forgotten to make room.", "detection", "region", ("unprovenEvicted", "unproven"), ("provenEvicted", "proven"), ("watchesEvicted", "watched")),
        Metric.Gauge("blackwall.detection.flooded_targets", "{address}", "Own addresses that are being flooded.", "detection", "floodedTargets"),
        Metric.Counter("blackwall.detection.limits_suppressed", "{limit}", "Limits that were not asked for because the budget of the minute was spent.", "detection", "limitsSuppressed"),
        Metric.Gauge("blackwall.detection.outbound_pairs", "{pair}", "Pairs of an inside host and an outside service that are watched.", "detection", "outboundPairs"),
        Metric.Counter("blackwall.detection.outbound_pairs_evicted", "{pair}", "Pairs that were forgotten to make room.", "detection", "outboundPairsEvicted"),
        Metric.Gauge("blackwall.detection.inside_hosts", "{host}", "Hosts behind the wall that are watched.", "detection", "insideHosts"),
        Metric.Gauge("blackwall.detection.networks", "{network}", "Networks whose sources are added up.", "detection", "networks"),
        Metric.Counter("blackwall.detection.networks_evicted", "{network}", "Networks that were forgotten to make room.", "detection", "networksEvicted"),
        Metric.All(MetricType.Counter, "blackwall.evidence", "{evidence}", "Evidence of detection, by kind.", "detection", "kind", "evidence"),
        Metric.Gauge("blackwall.false_positives", "{mark}", "Marks of false positives in force.", "falsePositives", "marks"),
        Metric.Counter("blackwall.false_positives.damped", "{evidence}", "Evidence that a mark held back.", "falsePositives", "damped"),
        Metric.All(MetricType.Counter, "blackwall.false_positives.marked", "{mark}", "Marks of false positives that were set, by kind of evidence.", "falsePositives", "kind", "marked"),
        Metric.Gauge("blackwall.detection.state.restored", "{source}", "Sources that were known from before the last start.", "behaviorState", "restored"),
        Metric.Gauge("blackwall.detection.state.size", "By", "Size of the stored state of detection.", "behaviorState", "bytes"),
        Metric.Counter("blackwall.detection.state.failures", "{attempt}", "Times that the state of detection could not be stored.", "behaviorState", "failures"),
    ];
}
