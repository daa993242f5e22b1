using System.Text.Json.Serialization;

namespace Blackwall.Inspection;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(DpiRuleList))]
internal sealed partial class InspectionJson : JsonSerializerContext;
