using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Siem.Sinks;
using Blackwall.Storage;

namespace Blackwall.Siem;

/// <summary>Events for security tools: fetched from feeds, and forwarded to sinks.</summary>
internal sealed class SiemFeature : IFeature
{
    public string Name => "siem";

    public StartPhase Phase => StartPhase.Api;

    public IJsonTypeInfoResolver Json => SiemJson.Default;

    public IReadOnlyList<Scope> Scopes => [SiemScopes.Read, SiemScopes.Write];

    public IReadOnlyList<Metric> Metrics => SiemMetrics.All;

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(SiemFeature), 1, "siem"), Migration.Embedded(typeof(SiemFeature), 2, "siem2")];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton(s => new EventNormalizer(s.GetRequiredService<EventLog>(), s.GetService<IIndicatorNames>()));
        services.AddSingleton<SinkStore>();
        services.AddSingleton<SinkPlaces>();
        services.AddSingleton<IStoreRider>(s => s.GetRequiredService<SinkPlaces>());
        services.AddSingleton<SinkBook>();
        services.AddHostedService(s => s.GetRequiredService<SinkBook>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<SinkBook>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<SinkBook>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        api.MapFeeds();
        api.MapSinks();
        api.MapRefused();
    }
}
