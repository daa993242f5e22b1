using System.Text.Json.Serialization;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>How the channel's payloads are written.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4)]
[JsonSerializable(typeof(ChannelStart))]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(ChannelCounters))]
[JsonSerializable(typeof(TarpitIdentity))]
[JsonSerializable(typeof(Improvisation.ImprovisationQuestion))]
public sealed partial class ChannelJson : JsonSerializerContext;
