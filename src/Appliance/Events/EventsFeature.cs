using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Events;

/// <summary>What happens, as a stream and as a history.</summary>
internal sealed class EventsFeature : IFeature
{
    public string Name => "events";

    public StartPhase Phase => StartPhase.Api;

    public IJsonTypeInfoResolver Json => EventJson.Default;

    public IReadOnlyList<Scope> Scopes => [EventScopes.Read];

    public IReadOnlyList<Migration> Migrations =>
    [
        Migration.Embedded(typeof(EventsFeature), 1, "events", former: 13),
        Migration.Embedded(typeof(EventsFeature), 2, "forgeable_events", former: 32),
    ];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<EventHub>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<EventHub>());
        services.AddSingleton<EventStore>();
        services.AddSingleton<EventHistory>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<EventHistory>());
        services.AddHostedService(s => s.GetRequiredService<EventHistory>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapEvents();
}
