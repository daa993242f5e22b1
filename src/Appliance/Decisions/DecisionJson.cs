using System.Text.Json.Serialization;

namespace Blackwall.Decisions;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(DecisionInput))]
[JsonSerializable(typeof(DecisionList))]
[JsonSerializable(typeof(CheckInput))]
[JsonSerializable(typeof(CheckList))]
[JsonSerializable(typeof(DecisionEventBody))]
internal sealed partial class DecisionJson : JsonSerializerContext;
