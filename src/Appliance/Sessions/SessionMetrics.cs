using Blackwall.Composition;

namespace Blackwall.Sessions;

/// <summary>What is counted of sessions in the tarpit.</summary>
internal static class SessionMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.sessions.open", "{session}", "Open tarpit sessions.", "sessions", "open"),
        Metric.Gauge("blackwall.sessions.kept", "{session}", "Sessions that are recorded.", "sessions", "kept"),
        Metric.Counter("blackwall.sessions.events", "{event}", "Events of tarpit sessions.", "sessions", "events"),
        Metric.Counter("blackwall.sessions.lost", "{event}", "Session events that could not be recorded.", "sessions", "lost"),
        Metric.Counter("blackwall.sessions.cut", "{session}", "Sessions of which only the beginning is recorded.", "sessions", "cut"),
        Metric.Gauge("blackwall.sessions.stored", "By", "What all recordings take up on the disk.", "sessions", "bytes"),
    ];
}
