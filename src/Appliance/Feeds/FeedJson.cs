using System.Text.Json.Serialization;

namespace Blackwall.Feeds;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FeedSettings))]
[JsonSerializable(typeof(FeedState))]
[JsonSerializable(typeof(FeedRun))]
[JsonSerializable(typeof(FeedEventBody))]
[JsonSerializable(typeof(FeedMatchBody))]
[JsonSerializable(typeof(FeedInput))]
[JsonSerializable(typeof(FeedBody))]
[JsonSerializable(typeof(FeedPage))]
[JsonSerializable(typeof(FeedRunList))]
[JsonSerializable(typeof(ImpactBody))]
internal sealed partial class FeedJson : JsonSerializerContext;
