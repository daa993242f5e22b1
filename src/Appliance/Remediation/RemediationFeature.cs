using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Remediation.CrowdSec;

namespace Blackwall.Remediation;

/// <summary>What this appliance keeps out, for others to enforce: firewalls, proxies and web servers.</summary>
internal sealed class RemediationFeature : IFeature
{
    public string Name => "remediation";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<Scope> Scopes => [RemediationScopes.Read];

    public IReadOnlyList<Metric> Metrics => RemediationMetrics.All;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<BlockList>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<BlockList>());
        services.AddSingleton<GoneBlocks>();
        services.AddSingleton<StreamPlaces>();
        services.AddEventReader<BlockReader>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapExports();

    public void MapRoot(IEndpointRouteBuilder root) => root.MapCrowdSec();
}
