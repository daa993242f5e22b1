using System.Text.Json.Serialization;

namespace Blackwall.Behavior;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<FalsePositiveRow>))]
internal sealed partial class BehaviorJson : JsonSerializerContext;

internal sealed record FalsePositiveRow(string Source, IReadOnlyList<string> Kinds, DateTimeOffset Marked, DateTimeOffset Expiry, string Actor, string? Comment);
