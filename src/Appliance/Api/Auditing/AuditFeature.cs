using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Api.Auditing;

/// <summary>Who changed what, or was refused, as a chain of hashes.</summary>
internal sealed class AuditFeature : IFeature
{
    public string Name => "audit";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 2700;

    public IReadOnlyList<Metric> Metrics => AuditMetrics.All;

    public IReadOnlyList<IConfigSection> Sections => [.. AuditOptions.Declare()];

    public IReadOnlyList<Scope> Scopes => [AuditScopes.Read];

    public IReadOnlyList<EventType> Events => [AuditEvents.Recorded];

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(AuditFeature), 1, "audit", former: 12)];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<AuditStore>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<RecentReads>();
        services.AddSingleton<IStoreRider>(s => s.GetRequiredService<AuditLog>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<AuditLog>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<AuditLog>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapAudit();
}
