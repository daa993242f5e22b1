using System.Text.Json.Serialization;
using Blackwall.Client.Auditing;
using Blackwall.Client.Captures;
using Blackwall.Client.Changes;
using Blackwall.Client.Classification;
using Blackwall.Client.Decisions;
using Blackwall.Client.Events;
using Blackwall.Client.Mesh;
using Blackwall.Client.Notifications;
using Blackwall.Client.Sessions;
using Blackwall.Client.Settings;
using Blackwall.Client.Feeds;
using Blackwall.Client.Sinks;
using Blackwall.Client.Sources;
using Blackwall.Client.Status;

namespace Blackwall.Client;

/// <summary>The bodies of the API, as its clients read and write them; an answer without what it must have is no answer of an appliance.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16,
    Converters = [typeof(PlainTextConverter)])]
[JsonSerializable(typeof(Stats))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(DecisionPage))]
[JsonSerializable(typeof(DecisionDraft))]
[JsonSerializable(typeof(DecisionEvent))]
[JsonSerializable(typeof(Source))]
[JsonSerializable(typeof(SourcePage))]
[JsonSerializable(typeof(CheckQuestion))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(DryRun))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonNode))]
[JsonSerializable(typeof(Gap))]
[JsonSerializable(typeof(RuleDraft))]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(ChangeDraft))]
[JsonSerializable(typeof(ChangeTrial))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(Capture))]
[JsonSerializable(typeof(CaptureDraft))]
[JsonSerializable(typeof(CapturePage))]
[JsonSerializable(typeof(SessionPage))]
[JsonSerializable(typeof(SessionEventPage))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditProof))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyDraft))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(Reload))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(NotificationList))]
[JsonSerializable(typeof(FeedList))]
[JsonSerializable(typeof(FeedDraft))]
[JsonSerializable(typeof(FeedRunList))]
[JsonSerializable(typeof(FeedReport))]
[JsonSerializable(typeof(ModelStatus))]
[JsonSerializable(typeof(OpinionPage))]
[JsonSerializable(typeof(ModelExchangePage))]
[JsonSerializable(typeof(MeshStatus))]
[JsonSerializable(typeof(MeshPeerList))]
[JsonSerializable(typeof(MeshIndicator))]
[JsonSerializable(typeof(MeshIndicatorList))]
[JsonSerializable(typeof(MeshReportList))]
[JsonSerializable(typeof(SinkList))]
[JsonSerializable(typeof(SinkDraft))]
[JsonSerializable(typeof(SinkTest))]
[JsonSerializable(typeof(SinkRetry))]
[JsonSerializable(typeof(RefusedEventPage))]
public sealed partial class ClientJson : JsonSerializerContext;
