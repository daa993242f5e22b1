using System.Text.Json.Serialization;

namespace Blackwall.Events;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(GapBody))]
internal sealed partial class EventJson : JsonSerializerContext;
