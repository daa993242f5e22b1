using System.Text.Json.Serialization;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;

namespace Blackwall.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(DecisionInput))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(DecisionList))]
[JsonSerializable(typeof(CheckInput))]
[JsonSerializable(typeof(CheckList))]
[JsonSerializable(typeof(ImportBody))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(StatsBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(EvidenceBody))]
[JsonSerializable(typeof(DecisionEventBody))]
[JsonSerializable(typeof(WallBody))]
[JsonSerializable(typeof(GapBody))]
[JsonSerializable(typeof(SourceBody))]
[JsonSerializable(typeof(FalsePositiveInput))]
[JsonSerializable(typeof(FalsePositiveBody))]
[JsonSerializable(typeof(ConfigBody))]
[JsonSerializable(typeof(FingerprintInput))]
[JsonSerializable(typeof(DpiRuleList))]
[JsonSerializable(typeof(FingerprintBody))]
[JsonSerializable(typeof(FingerprintList))]
[JsonSerializable(typeof(FingerprintImportBody))]
[JsonSerializable(typeof(AuditBody))]
[JsonSerializable(typeof(AuditList))]
[JsonSerializable(typeof(AuditProofBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(NewKeyBody))]
[JsonSerializable(typeof(CaptureInput))]
[JsonSerializable(typeof(CaptureBody))]
[JsonSerializable(typeof(CaptureList))]
[JsonSerializable(typeof(ChangeInput))]
[JsonSerializable(typeof(ChangeApplyInput))]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(ChangeEventBody))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ApiJson : JsonSerializerContext;
