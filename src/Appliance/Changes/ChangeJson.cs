using System.Text.Json.Serialization;

namespace Blackwall.Changes;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(ChangeInput))]
[JsonSerializable(typeof(ChangeApplyInput))]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(ChangeEventBody))]
internal sealed partial class ChangeJson : JsonSerializerContext;
