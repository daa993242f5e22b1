using System.Text.Json.Serialization;

namespace Blackwall.Fingerprints;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(FingerprintInput))]
[JsonSerializable(typeof(FingerprintBody))]
[JsonSerializable(typeof(FingerprintList))]
[JsonSerializable(typeof(FingerprintImportBody))]
internal sealed partial class FingerprintBodyJson : JsonSerializerContext;
