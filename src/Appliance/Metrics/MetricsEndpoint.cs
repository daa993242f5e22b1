using Blackwall.Api;

namespace Blackwall.Metrics;

/// <summary>/metrics: what /stats tells and more, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder root) =>
        root.MapGet("/metrics", ReadAsync).WithName("readMetrics").Needs(MetricsScopes.Read).WithTags("stats").Produces<string>(StatusCodes.Status200OK, "text/plain");

    /// <summary>Every metric in the Prometheus text format 0.0.4; in that of OpenMetrics 1.0 for a client that accepts it.</summary>
    private static Task ReadAsync(HttpContext context, MetricsPage page) => page.ShowAsync(context);
}
