using Blackwall.Composition;

namespace Blackwall.Events;

/// <summary>What is counted of events.</summary>
internal static class EventMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Observed(MetricType.Counter, "blackwall.events", "{event}", "Events of the log, by kind.", scrape => scrape.Services.GetRequiredService<EventCounts>().Counts.Select(kind => Metric.Value(kind.Value, ("kind", kind.Key)))),
        Metric.Counter("blackwall.events.told", "{event}", "Events that this process told.", "events", "events"),
        Metric.Gauge("blackwall.events.last", "{event}", "Sequence of the newest event.", "events", "last"),
        Metric.Counter("blackwall.events.condensed", "{event}", "Forgeable events that were only added up.", "events", "condensed"),
        Metric.Gauge("blackwall.events.streams", "{stream}", "Event streams that are open.", "events", "streams"),
        Metric.Counter("blackwall.events.streams_turned_away", "{stream}", "Event streams refused because too many were open.", "events", "turnedAway"),
        Metric.Counter("blackwall.events.missed", "{event}", "Events that clients of a stream were told they missed.", "events", "missed"),
        Metric.Counter("blackwall.events.stored", "{event}", "Events that are in the store.", "history", "written"),
        Metric.Gauge("blackwall.events.waiting", "{event}", "Events that wait for the store.", "history", "waiting"),
        Metric.Counter("blackwall.events.dropped", "{event}", "Events dropped because the queue to the store was full.", "history", "dropped"),
        Metric.Counter("blackwall.events.failures", "{attempt}", "Writes of events that the disk refused.", "history", "failures"),
        Metric.All(MetricType.Gauge, "blackwall.events.reader_behind", "{event}", "How far a reader of the log is behind.", "eventReaders", "reader", "", "Behind"),
        Metric.All(MetricType.Counter, "blackwall.events.reader_missed", "{event}", "Events that a reader missed because the log was cut before it.", "eventReaders", "reader", "", "Missed"),
        Metric.All(MetricType.Counter, "blackwall.events.reader_failures", "{attempt}", "Times that a reader failed.", "eventReaders", "reader", "", "Failures"),
    ];
}
