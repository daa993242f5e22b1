using System.Text.Json.Serialization;

namespace Blackwall.Tests.Composition;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SampleBody))]
internal sealed partial class SampleJson : JsonSerializerContext;
