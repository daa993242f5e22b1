using System.Text.Json;

namespace Blackwall.Siem.Sinks;

/// <summary>An event that a sink refused.</summary>
/// <param name="Id">Its number among refused events.</param>
/// <param name="EventId">Id of the event, as everywhere.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Kind">Machine word: "decision".</param>
/// <param name="Why">What the sink said.</param>
/// <param name="Event">The event's own body.</param>
internal sealed record RefusedEventBody(long Id, string EventId, DateTimeOffset Time, string Kind, string Why, JsonElement Event);
