using Blackwall.Api.Keys;
using Blackwall.Composition;

namespace Blackwall.Metrics;

/// <summary>What is counted, for Prometheus.</summary>
internal sealed class MetricsFeature : IFeature
{
    public string Name => "metrics";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<Scope> Scopes => [MetricsScopes.Read];

    // /metrics is where every Prometheus looks first, so it lies beside /api.
    public void MapRoot(IEndpointRouteBuilder root) => root.MapMetrics();
}
