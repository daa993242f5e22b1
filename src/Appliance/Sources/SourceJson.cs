using System.Text.Json.Serialization;

namespace Blackwall.Sources;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(SourceBody))]
[JsonSerializable(typeof(SourceList))]
[JsonSerializable(typeof(FalsePositiveInput))]
[JsonSerializable(typeof(FalsePositiveBody))]
internal sealed partial class SourceJson : JsonSerializerContext;
