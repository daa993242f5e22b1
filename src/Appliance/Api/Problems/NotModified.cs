using Microsoft.Net.Http.Headers;

namespace Blackwall.Api.Problems;

/// <summary>Endpoint filter: what the client has already, by its If-None-Match, is not sent again (RFC 9110 §13.1.2).</summary>
internal sealed class NotModified : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? result = await next(context);
        HttpRequest request = context.HttpContext.Request;
        if (request.Headers.IfNoneMatch.Count == 0)
        {
            return result;
        }

        string tag = context.HttpContext.Response.Headers.ETag.ToString();
        bool has = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && tag.Length > 0
            && EntityTagHeaderValue.TryParse(tag, out EntityTagHeaderValue? current)
            && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? known)
            && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(current, useStrongComparison: false));
        return has ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : result;
    }
}
