using Blackwall.Api.Keys;
using Blackwall.Api.Problems;

namespace Blackwall.Api;

internal static class EndpointConventions
{
    /// <summary>Lets in only callers whose key has this scope; null: any key.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, Scope? scope) => endpoint.WithMetadata(new Needs(scope));

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
