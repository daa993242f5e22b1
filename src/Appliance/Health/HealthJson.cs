using System.Text.Json.Serialization;

namespace Blackwall.Health;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(StatsBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(WallBody))]
[JsonSerializable(typeof(HealthEventBody))]
internal sealed partial class HealthJson : JsonSerializerContext;
