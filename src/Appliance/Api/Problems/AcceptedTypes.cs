using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;

namespace Blackwall.Api.Problems;

/// <summary>Which types of body a path takes; the routing forgets them when it answers 415 for it.</summary>
internal static class AcceptedTypes
{
    public static string Sentence(HttpContext context)
    {
        IReadOnlyList<string> types = Read(context);
        return types.Count == 0 ? "Send the body with Content-Type: application/json." : $"Send the body with Content-Type: {string.Join(" or ", types)}.";
    }

    private static IReadOnlyList<string> Read(HttpContext context)
    {
        foreach (RouteEndpoint endpoint in context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            TemplateMatcher path = new(new RouteTemplate(endpoint.RoutePattern), []);
            if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase) == true
                && endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts
                && path.TryMatch(context.Request.Path, []))
            {
                return accepts.ContentTypes;
            }
        }

        return [];
    }
}
