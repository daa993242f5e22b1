using System.Text.Json.Serialization;

namespace Blackwall.Bridges.Mesh;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(MeshBody))]
[JsonSerializable(typeof(MeshPeerList))]
[JsonSerializable(typeof(MeshIndicatorBody))]
[JsonSerializable(typeof(MeshIndicatorList))]
[JsonSerializable(typeof(MeshReportList))]
[JsonSerializable(typeof(MeshEventBody))]
[JsonSerializable(typeof(MeshOffenceBody))]
internal sealed partial class MeshJson : JsonSerializerContext;
