using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Events;

/// <summary>The one log of what happens, as a stream, as a history, and for readers inside.</summary>
internal sealed class EventsFeature : IFeature
{
    public string Name => "events";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 2900;

    public IReadOnlyList<Metric> Metrics => EventMetrics.All;

    public IJsonTypeInfoResolver Json => EventJson.Default;

    public IReadOnlyList<Scope> Scopes => [EventScopes.Read];

    public IReadOnlyList<Migration> Migrations =>
    [
        Migration.Embedded(typeof(EventsFeature), 1, "events", former: 13),
        Migration.Embedded(typeof(EventsFeature), 2, "forgeable_events", former: 32),
        Migration.Embedded(typeof(EventsFeature), 3, "event_log"),
    ];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<EventStore>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<IStoreRider>(s => s.GetRequiredService<EventLog>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<EventLog>());
        services.AddSingleton<EventStreamSlots>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<IStatsSource, EventCounters>();
        services.AddSingleton<EventReaders>();
        services.AddSingleton<IStoreRider>(s => s.GetRequiredService<EventReaders>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<EventReaders>());
        services.AddHostedService(s => s.GetRequiredService<EventReaders>());
        services.AddEventReader<EventCounts>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapEvents();
}
