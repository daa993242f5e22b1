using System.Text.Json.Serialization;
using Blackwall.Siem.Sinks;

namespace Blackwall.Siem;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionFact))]
[JsonSerializable(typeof(SinkSettings))]
[JsonSerializable(typeof(SinkSecrets))]
[JsonSerializable(typeof(SinkInput))]
[JsonSerializable(typeof(SinkBody))]
[JsonSerializable(typeof(SinkList))]
[JsonSerializable(typeof(SinkTestBody))]
[JsonSerializable(typeof(RefusedEventPage))]
[JsonSerializable(typeof(RefusedRetryBody))]
internal sealed partial class SiemJson : JsonSerializerContext;
