using System.Text.Json.Serialization;

namespace Blackwall.Guard;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(GuardEventBody))]
internal sealed partial class GuardJson : JsonSerializerContext;
