using System.Text.Json.Serialization;

namespace Blackwall.Intel;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Indicator))]
[JsonSerializable(typeof(SavedPublisher))]
[JsonSerializable(typeof(SessionFact))]
internal sealed partial class IntelJson : JsonSerializerContext;
