using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Decisions;

/// <summary>The board of decisions: what is decided about which scope, and its part of the API.</summary>
internal sealed class DecisionsFeature : IFeature
{
    public string Name => "decisions";

    public StartPhase Phase => StartPhase.Restore;

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(DecisionsFeature), 1, "claims"), Migration.Embedded(typeof(DecisionsFeature), 2, "evidence_facts")];

    public IJsonTypeInfoResolver Json => DecisionJson.Default;

    public IReadOnlyList<Scope> Scopes => [DecisionScopes.Read, DecisionScopes.Write];

    public IReadOnlyList<EventType> Events => [DecisionEvents.Decided, DecisionEvents.Lifted, DecisionEvents.Seen];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [WordLists.Verdict] = [.. Api.Contracts.Words.Verdicts.Keys],
        [WordLists.Origin] = [.. Api.Contracts.Words.Origins.Keys],
        [WordLists.EvidenceClass] = ["spoofable", "handshake", "application"],
        [WordLists.Change] = ["created", "renewed", "lifted", "expired"],
        [WordLists.EndCause] = ["lifted", "expired"],
    };

    public IReadOnlyList<Metric> Metrics => DecisionMetrics.All;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton(s => new SteadyClock(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IBootTime>()));
        services.AddSingleton(s => new VerdictBoard(
            s.GetRequiredService<IOptions<BoardOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetServices<IDecisionObserver>(),
            s.GetRequiredService<SteadyClock>()));
        services.AddSingleton<IDecisionSink>(s => s.GetRequiredService<VerdictBoard>());
        services.AddSingleton<IStatsSource, BoardStats>();
        services.AddHostedService<ExpiryWorker>();
        services.AddSingleton<DecisionEvents>();
        services.AddSingleton<IDecisionObserver>(s => s.GetRequiredService<DecisionEvents>());
        services.AddSingleton<IEvidenceSink>(s => s.GetRequiredService<DecisionEvents>());
        services.AddSingleton<EvidenceRecorder>();
        services.AddSingleton<DecisionDesk>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapDecisions();
}
