using Blackwall.Api.Keys;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Health;

/// <summary>/health: for supervisors, without a key and without detail.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/health").WithTags("health");
        group.MapGet("/live", Live).WithName("isLive").Produces<HealthBody>();
        group.MapGet("/ready", Ready).WithName("isReady").Produces<HealthBody>().Produces<HealthBody>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>The process answers.</summary>
    [Anonymous]
    private static Ok<HealthBody> Live() => TypedResults.Ok(new HealthBody("live", null));

    /// <summary>200 once decisions are restored and the wall stands; 503 before. With a key it says what is wrong.</summary>
    [Anonymous]
    private static JsonHttpResult<HealthBody> Ready(HttpContext context, IWall wall, IEnumerable<IHealthSource> sources)
    {
        WallStatus status = wall.Status;
        bool ready = sources.All(source => source.Ready) && (status.Mode == EnforcementMode.Off || status.AttachMode is not null);
        Dictionary<string, string> faults = new(StringComparer.Ordinal);
        foreach (IHealthSource source in sources)
        {
            if (source.Fault is { } fault)
            {
                faults[source.Name] = fault;
            }
        }

        if (status.Fault is { } wallFault)
        {
            faults["wall"] = wallFault;
        }

        bool known = context.Features.Get<Caller>() is not null;
        string word = (ready, known && faults.Count > 0) switch
        {
            (false, _) => "starting",
            (true, true) => "degraded",
            _ => "ready",
        };
        return TypedResults.Json(
            new HealthBody(word, known ? faults : null),
            HealthJson.Default.HealthBody,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
