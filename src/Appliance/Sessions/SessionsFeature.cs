using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Sessions;

/// <summary>What attackers did in the tarpit, recorded.</summary>
internal sealed class SessionsFeature : IFeature
{
    public string Name => "sessions";

    public StartPhase Phase => StartPhase.Guard;

    public int FirstLogId => 3000;

    public IReadOnlyList<Metric> Metrics => SessionMetrics.All;

    public IReadOnlyList<IConfigSection> Sections => SessionOptions.Declare();

    public IJsonTypeInfoResolver Json => SessionJson.Default;

    public IReadOnlyList<Scope> Scopes => [SessionScopes.Read, SessionScopes.Write];

    public IReadOnlyList<EventType> Events => [SessionArchive.Moved];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<SessionFolder>();
        services.AddSingleton<SessionArchive>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<SessionArchive>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<SessionArchive>());
        services.AddHostedService(s => s.GetRequiredService<SessionArchive>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapSessions();
}
