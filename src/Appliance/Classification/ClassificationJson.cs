using System.Text.Json.Serialization;

namespace Blackwall.Classification;

/// <summary>How the bodies of models are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ModelBody))]
[JsonSerializable(typeof(OpinionBody))]
[JsonSerializable(typeof(OpinionList))]
[JsonSerializable(typeof(ExchangeList))]
internal sealed partial class ClassificationJson : JsonSerializerContext;
