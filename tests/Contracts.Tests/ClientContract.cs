using System.Reflection;
using System.Text.Json;
using Blackwall.Client;
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
using Microsoft.OpenApi;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>What the one client reads and writes is what the API's description says.</summary>
public sealed class ClientContract : IDisposable
{
    private readonly RunningAppliance _appliance = new();

    public static TheoryData<Type, string> Bodies => new()
    {
        { typeof(AuditEntry), "AuditBody" },
        { typeof(AuditPage), "AuditList" },
        { typeof(AuditProof), "AuditProofBody" },
        { typeof(Key), "KeyBody" },
        { typeof(KeyList), "KeyList" },
        { typeof(Reload), "ReloadBody" },
        { typeof(EventPage), "EventList" },
        { typeof(PastEvent), "EventBody" },
        { typeof(ModelStatus), "ModelBody" },
        { typeof(Opinion), "OpinionBody" },
        { typeof(OpinionPage), "OpinionList" },
        { typeof(ModelExchange), "ExchangeBody" },
        { typeof(ModelExchangePage), "ExchangeList" },
        { typeof(SourceOpinion), "SourceOpinionBody" },
        { typeof(NotificationList), "NotificationList" },
        { typeof(NotificationChannel), "ChannelBody" },
        { typeof(MeshStatus), "MeshBody" },
        { typeof(MeshTopic), "MeshTopicBody" },
        { typeof(MeshPeer), "MeshPeerBody" },
        { typeof(MeshPeerList), "MeshPeerList" },
        { typeof(MeshVote), "MeshVoteBody" },
        { typeof(MeshIndicator), "MeshIndicatorBody" },
        { typeof(MeshIndicatorList), "MeshIndicatorList" },
        { typeof(MeshReport), "MeshReportBody" },
        { typeof(MeshReportList), "MeshReportList" },
        { typeof(Feed), "FeedBody" },
        { typeof(FeedList), "FeedPage" },
        { typeof(FeedDraft), "FeedInput" },
        { typeof(FeedReport), "ImpactBody" },
        { typeof(FeedImpact), "FeedImpact" },
        { typeof(ImpactSample), "ImpactSample" },
        { typeof(FeedRun), "FeedRun" },
        { typeof(FeedRunList), "FeedRunList" },
        { typeof(CatalogueFeed), "CatalogueBody" },
        { typeof(Mention), "MentionBody" },
        { typeof(Place), "PlaceBody" },
        { typeof(Sink), "SinkBody" },
        { typeof(SinkList), "SinkList" },
        { typeof(SinkDraft), "SinkInput" },
        { typeof(SinkTest), "SinkTestBody" },
        { typeof(SinkRetry), "RefusedRetryBody" },
        { typeof(RefusedEvent), "RefusedEventBody" },
        { typeof(RefusedEventPage), "RefusedEventPage" },
        { typeof(Client.Captures.Capture), "CaptureBody" },
        { typeof(CaptureDraft), "CaptureInput" },
        { typeof(CapturePage), "CaptureList" },
        { typeof(Session), "SessionBody" },
        { typeof(SessionPage), "SessionList" },
        { typeof(Client.Sessions.SessionEvent), "SessionEvent" },
        { typeof(SessionEventPage), "SessionEventList" },
        { typeof(Change), "ChangeBody" },
        { typeof(ChangeDraft), "ChangeInput" },
        { typeof(ChangeList), "ChangeList" },
        { typeof(ChangeRule), "ChangeRuleBody" },
        { typeof(ChangeSource), "ChangeSourceBody" },
        { typeof(ChangeTrial), "ChangeApplyInput" },
        { typeof(Claim), "ClaimBody" },
        { typeof(CheckAnswer), "CheckList" },
        { typeof(CheckQuestion), "CheckInput" },
        { typeof(CheckedScope), "CheckBody" },
        { typeof(Decision), "DecisionBody" },
        { typeof(DecisionDraft), "DecisionInput" },
        { typeof(DecisionEnd), "EndBody" },
        { typeof(ImportAnswer), "ImportBody" },
        { typeof(KeyDraft), "KeyInput" },
        { typeof(NewKey), "NewKeyBody" },
        { typeof(DecisionPage), "DecisionList" },
        { typeof(DryRun), "PreviewBody" },
        { typeof(Evidence), "EvidenceBody" },
        { typeof(RuleDraft), "DecisionInput" },
        { typeof(FalsePositive), "FalsePositiveBody" },
        { typeof(Client.Sources.Guard), "GuardBody" },
        { typeof(KernelEntry), "KernelEntryBody" },
        { typeof(NetworkStanding), "NetworkStandingBody" },
        { typeof(SeenFingerprint), "SeenFingerprintBody" },
        { typeof(Source), "SourceBody" },
        { typeof(Client.Sources.SourceRow), "SourceRowBody" },
        { typeof(SourcePage), "SourceList" },
        { typeof(Standing), "StandingBody" },
        { typeof(StandingPart), "StandingPartBody" },
        { typeof(Counter), "CounterBody" },
        { typeof(Gate), "GateBody" },
        { typeof(Client.Status.Health), "HealthBody" },
        { typeof(Stats), "StatsBody" },
        { typeof(Wall), "WallBody" },
        { typeof(Problem), "ProblemBody" },
    };

    public void Dispose() => _appliance.Dispose();

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task Each_member_of_a_body_is_one_of_the_description_and_of_its_type(Type body, string name)
    {
        IOpenApiSchema schema = (await _appliance.DocumentAsync()).Components!.Schemas![name];
        bool written = schema.Required is null or { Count: 0 } || name.EndsWith("Input", StringComparison.Ordinal);
        foreach (ParameterInfo member in body.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First().GetParameters())
        {
            string word = char.ToLowerInvariant(member.Name![0]) + member.Name[1..];
            Assert.True(schema.Properties!.TryGetValue(word, out IOpenApiSchema? described), $"{name} has no {word}");
            Assert.True(Fits(member.ParameterType, described!), $"{name}.{word} is {described!.Type ?? described.AnyOf?.FirstOrDefault()?.Type}, the client has {member.ParameterType}");
            bool mayMiss = member.HasDefaultValue || new NullabilityInfoContext().Create(member).ReadState == NullabilityState.Nullable;
            Assert.True(written || mayMiss || schema.Required!.Contains(word), $"{name}.{word} may be missing, and the client needs it");
        }
    }

    [Fact]
    public void Every_body_of_the_client_is_looked_at()
    {
        // Those of events are not part of the description; they are read in the tests of the stream.
        string[] events = ["DecisionEvent", "ChangeEvent", "Gap", "StreamItem"];
        IEnumerable<string> bodies = typeof(ApplianceClient).Assembly.GetExportedTypes()
            .Where(type => type.IsClass && type.GetMethod("<Clone>$") is not null && !type.IsAbstract)
            .Select(type => type.Name)
            .Except(["ClientConnection", "Failure", .. events], StringComparer.Ordinal);
        Assert.Empty(bodies.Except(Bodies.Select(row => row.Data.Item1.Name), StringComparer.Ordinal));
        Assert.NotEmpty(bodies);
    }

    private static bool Fits(Type type, IOpenApiSchema schema)
    {
        // Anything at all is described by no type.
        if (type == typeof(JsonElement))
        {
            return schema.Type is null;
        }

        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        JsonSchemaType? said = schema.Type ?? schema.AnyOf?.Select(any => any.Type).FirstOrDefault(any => any is not JsonSchemaType.Null) ?? schema.OneOf?.Select(any => any.Type).FirstOrDefault(any => any is not JsonSchemaType.Null);
        JsonSchemaType wanted = plain switch
        {
            _ when plain == typeof(string) || plain == typeof(DateTimeOffset) => JsonSchemaType.String,
            _ when plain == typeof(bool) => JsonSchemaType.Boolean,
            _ when plain == typeof(double) => JsonSchemaType.Number,
            _ when plain == typeof(int) || plain == typeof(long) => JsonSchemaType.Integer,
            _ when plain.IsGenericType && plain.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => JsonSchemaType.Array,
            _ => JsonSchemaType.Object,
        };
        return said is { } known && known.HasFlag(wanted);
    }
}
