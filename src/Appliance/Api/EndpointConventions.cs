using Blackwall.Api.Problems;

namespace Blackwall.Api;

internal static class EndpointConventions
{
    /// <summary>Documents the failures of an endpoint; every one of them has the same body.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            endpoint.Produces<ProblemBody>(status, Problem.ContentType);
        }

        return endpoint;
    }
}
