using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;

namespace Blackwall.Metrics;

/// <summary>What is counted, for Prometheus.</summary>
internal sealed class MetricsFeature : IFeature
{
    public string Name => "metrics";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<Metric> Metrics => ProcessMetrics.All;

    public IReadOnlyList<Scope> Scopes => [MetricsScopes.Read];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<MetricsPage>();
        services.AddHostedService(s => s.GetRequiredService<MetricsPage>());
    }

    // /metrics is where every Prometheus looks first, so it lies beside /api.
    public void MapRoot(IEndpointRouteBuilder root) => root.MapMetrics();
}
