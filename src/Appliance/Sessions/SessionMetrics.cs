using Blackwall.Composition;

namespace Blackwall.Sessions;

/// <summary>What is counted of sessions in the tarpit.</summary>
internal static class SessionMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.sessions.open", "{session}", "Sessions in the tarpit that go on.", "sessions", "open"),
        Metric.Gauge("blackwall.sessions.kept", "{session}", "Sessions that are recorded.", "sessions", "kept"),
        Metric.Counter("blackwall.sessions.events", "{event}", "Things that happened in sessions.", "sessions", "events"),
        Metric.Counter("blackwall.sessions.lost", "{event}", "Things that happened and could not be recorded.", "sessions", "lost"),
        Metric.Counter("blackwall.sessions.cut", "{session}", "Sessions of which only the beginning is recorded.", "sessions", "cut"),
        Metric.Gauge("blackwall.sessions.stored", "By", "What all recordings take up on the disk.", "sessions", "bytes"),
    ];
}
