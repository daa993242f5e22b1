using System.Text.Json.Serialization;

namespace Blackwall.Capture;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(CaptureInput))]
[JsonSerializable(typeof(CaptureBody))]
[JsonSerializable(typeof(CaptureList))]
[JsonSerializable(typeof(CaptureEventBody))]
internal sealed partial class CaptureJson : JsonSerializerContext;
