using System.Text.Json.Serialization;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Api.Settings;

namespace Blackwall.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(EvidenceBody))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(ConfigBody))]
[JsonSerializable(typeof(AuditBody))]
[JsonSerializable(typeof(AuditEventBody))]
[JsonSerializable(typeof(AuditList))]
[JsonSerializable(typeof(AuditProofBody))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(NewKeyBody))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ApiJson : JsonSerializerContext;
