using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Feeds.Fetching;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Feeds;

/// <summary>Threat feeds: fetched, judged, and brought into force as claims.</summary>
internal sealed class FeedsFeature : IFeature
{
    public const string FormatWords = "FeedFormat";
    public const string KindWords = "FeedKind";
    public const string ActionWords = "FeedAction";
    public const string StateWords = "FeedState";
    public const string OutcomeWords = "FeedOutcome";

    public string Name => "feeds";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<IConfigSection> Sections => FeedOptions.Declare();

    public IJsonTypeInfoResolver Json => FeedJson.Default;

    public IReadOnlyList<Scope> Scopes => [FeedScopes.Read, FeedScopes.Write];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [FormatWords] = FeedInputReader.WordsOf<FeedFormat>(),
        [KindWords] = FeedInputReader.WordsOf<FeedKind>(),
        [ActionWords] = FeedInputReader.WordsOf<FeedAction>(),
        [StateWords] = FeedBody.States,
        [OutcomeWords] = FeedRun.Outcomes,
    };

    public IReadOnlyList<EventType> Events => [FeedEvents.Run, FeedEvents.Match];

    public IReadOnlyList<Metric> Metrics => FeedMetrics.All;

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(FeedsFeature), 1, "feeds")];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<FeedStore>();
        services.AddSingleton<FeedCopy>();
        services.AddSingleton<FeedFetcher>();
        services.AddSingleton<FeedClaims>();
        services.AddSingleton<FeedMentions>();
        services.AddSingleton(s => new TrafficTrial(s.GetService<ISourceInsight>, s.GetRequiredService<FeedClaims>().IsFree));
        services.AddSingleton<FeedBook>();
        services.AddHostedService(s => s.GetRequiredService<FeedBook>());
        services.AddSingleton<IThreatFeeds>(s => s.GetRequiredService<FeedMentions>());
        services.AddSingleton(s => new FeedSightings(s.GetRequiredService<FeedMentions>(), s.GetService<ISourceInsight>, s.GetRequiredService<EventLog>(), s.GetRequiredService<TimeProvider>()));
        services.AddHostedService(s => s.GetRequiredService<FeedSightings>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<FeedSightings>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<FeedBook>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<FeedBook>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapFeeds();
}
