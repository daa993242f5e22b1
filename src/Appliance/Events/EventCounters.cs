using Blackwall.Pipeline.Ports;

namespace Blackwall.Events;

/// <summary>What is counted of events and of those who follow them.</summary>
internal sealed class EventCounters(EventLog log, EventStreamSlots seats) : IStatsSource
{
    public string Name => "events";

    public IReadOnlyDictionary<string, long> Read()
    {
        (long told, long condensed) = log.Counts;
        (int streams, long missed, long turnedAway) = seats.Counts;
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["events"] = told,
            ["streams"] = streams,
            ["missed"] = missed,
            ["turnedAway"] = turnedAway,
            ["condensed"] = condensed,
            ["last"] = log.Last,
        };
    }
}
