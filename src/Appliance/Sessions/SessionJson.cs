using System.Text.Json.Serialization;

namespace Blackwall.Sessions;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionEvent))]
[JsonSerializable(typeof(SessionEventList))]
internal sealed partial class SessionJson : JsonSerializerContext;
