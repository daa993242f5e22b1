using System.Text.Json;

namespace Blackwall.Client.Events;

/// <summary>One event that was told; id and data are those of the stream.</summary>
public sealed record PastEvent(string Id, DateTimeOffset Time, string Kind, int Version, JsonElement Data);
