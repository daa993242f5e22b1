using Blackwall.Api.Contracts;

namespace Blackwall.Api.Auditing;

/// <summary>
/// Endpoint filter: a change that is answered with 2xx is on the disk together with its audit entry before the answer is written. Where the disk refuses,
/// the answer says stored = false.
/// </summary>
internal sealed class AuditFilter(AuditLog audit, RecentReads reads, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? result = await next(context);
        HttpContext http = context.HttpContext;
        int status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        if (http.Response.HasStarted || http.GetEndpoint() is not { } endpoint || !AuditTrail.IsMemorable(http, endpoint, status, reads))
        {
            return result;
        }

        AuditNote note = AuditNote.For(http);
        note.Recorded = true;
        note.Detail ??= (result as Problems.Problem)?.Detail;
        bool stored = await audit.RecordAsync(AuditTrail.EntryOf(http, endpoint, status, time.GetUtcNow()));
        return stored || status >= 400 ? result : Unstored(result);
    }

    private static object? Unstored(object? result)
    {
        switch (result)
        {
            case IValueHttpResult { Value: IStorable body }:
                body.Stored = false;
                return result;
            case IValueHttpResult { Value: PreviewBody { Enforced: { } enforced } }:
                return TypedResults.Accepted((string?)null, PreviewBody.Made(enforced, stored: false));
            case IStatusCodeHttpResult { StatusCode: StatusCodes.Status204NoContent }:
                return TypedResults.Accepted((string?)null, PreviewBody.Made(enforced: true, stored: false));
            default:
                return result;
        }
    }
}
