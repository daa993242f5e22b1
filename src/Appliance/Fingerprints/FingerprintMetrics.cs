using Blackwall.Composition;

namespace Blackwall.Fingerprints;

/// <summary>What is counted of client fingerprints.</summary>
internal static class FingerprintMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Several(MetricType.Gauge, "blackwall.fingerprint.database.entries", "{entry}", "Entries of the database, and those of them that are beginnings.", "fingerprintDatabase", "kind", ("entries", "all"), ("prefixes", "beginning")),
        Metric.Several(MetricType.Counter, "blackwall.fingerprints", "{fingerprint}", "Fingerprints that were taken, by kind.", "fingerprints", "kind", ("ja4", "ja4"), ("hassh", "hassh"), ("sshBanner", "ssh-banner"), ("tcpSyn", "tcp-syn")),
        Metric.Counter("blackwall.fingerprint.evidence", "{evidence}", "Evidence that rests on a fingerprint.", "fingerprints", "evidence"),
        Metric.Counter("blackwall.fingerprint.evidence_held_back", "{evidence}", "Evidence not recorded again because it was reported a moment ago.", "fingerprints", "evidenceHeldBack"),
        Metric.Several(MetricType.Gauge, "blackwall.fingerprint.hellos_waiting", "{hello}", "Hellos of which segments are missing.", "fingerprints", "protocol", ("hellosWaiting", "tls"), ("sshWaiting", "ssh")),
        Metric.Several(MetricType.Counter, "blackwall.fingerprint.hellos_abandoned", "{hello}", "Hellos that were never complete.", "fingerprints", "protocol", ("hellosAbandoned", "tls"), ("sshAbandoned", "ssh")),
        Metric.Counter("blackwall.fingerprint.names_renewed", "{source}", "Sources whose client was looked up anew after a change of the database.", "fingerprints", "namesRenewed"),
        Metric.Gauge("blackwall.fingerprint.sources", "{source}", "Sources whose clients are remembered.", "fingerprints", "sources"),
        Metric.Gauge("blackwall.fingerprint.sources_unproven", "{source}", "Of these, those that proved nothing.", "fingerprints", "sourcesUnproven"),
        Metric.Counter("blackwall.fingerprint.sources_evicted", "{source}", "Sources that were forgotten to make room.", "fingerprints", "sourcesEvicted"),
        Metric.Counter("blackwall.fingerprint.displaced", "{fingerprint}", "Fingerprints that took the place of an older one of their source.", "fingerprints", "displaced"),
    ];
}
