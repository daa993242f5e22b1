using System.Text.Json;

namespace Blackwall.Client.Sinks;

/// <summary>An event that a sink refused.</summary>
public sealed record RefusedEvent(long Id, string EventId, DateTimeOffset Time, string Kind, string Why, JsonElement Event);
