using System.Text.Json.Serialization;

namespace Blackwall.Fingerprints;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 4)]
[JsonSerializable(typeof(FingerprintLine))]
internal sealed partial class FingerprintJson : JsonSerializerContext;
