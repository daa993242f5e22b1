using System.Text.Json.Serialization;

namespace Blackwall.Rules;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(ImportBody))]
internal sealed partial class RuleJson : JsonSerializerContext;
