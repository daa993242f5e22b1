using Blackwall.Api.Keys;
using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Auditing;

/// <summary>
/// Middleware: every request that changes something is in the audit log before its answer leaves, and so is every one that was refused for want of a
/// scope or by the guard. What an endpoint knows better it says in an <see cref="AuditNote"/>; what comes to an endpoint is recorded by the
/// <see cref="AuditFilter"/> before it is answered, and here is what never came so far.
/// </summary>
internal sealed class AuditTrail(RequestDelegate next, AuditLog audit, RecentReads reads, TimeProvider time)
{
    private const int LongestPath = 512;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint)
        {
            context.Response.OnStarting(() => AuditNote.For(context).Recorded || !IsMemorable(context, endpoint, context.Response.StatusCode, reads)
                ? Task.CompletedTask
                : audit.RecordAsync(EntryOf(context, endpoint, context.Response.StatusCode, time.GetUtcNow())));
        }

        return next(context);
    }

    public static bool IsMemorable(HttpContext context, Endpoint endpoint, int status, RecentReads reads)
    {
        if (context.Features.Get<Caller>() is null || context.Features.Get<AuditNote>()?.Dry == true)
        {
            return false;
        }

        // An endpoint that everybody may ask changes nothing; one that declares no scope needs admin.
        bool changes = endpoint.Metadata.GetMetadata<AnonymousAttribute>() is null
            && (endpoint.Metadata.GetMetadata<Needs>() is not { } needs || needs.Scope is { Use: not ScopeUse.Read });
        if (status == StatusCodes.Status403Forbidden)
        {
            return true;
        }

        bool isNews = changes && (status < 400 || status is StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed or >= 500);
        return isNews && (!HttpMethods.IsGet(context.Request.Method) || reads.IsFirst(Caller.For(context).Key.Id, context.Request.Path));
    }

    public static AuditEntry EntryOf(HttpContext context, Endpoint endpoint, int status, DateTimeOffset now)
    {
        Caller caller = Caller.For(context);
        AuditNote? note = context.Features.Get<AuditNote>();
        string path = $"{context.Request.Path}{context.Request.QueryString}";
        return new AuditEntry(
            now,
            caller.Name,
            caller.Key.Id,
            caller.Address == Address.None ? "" : $"{caller.Address}",
            endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method,
            path.Length > LongestPath ? path[..LongestPath] : path,
            status,
            status >= 400 ? note?.Detail : null,
            note?.Before,
            note?.After,
            context.TraceIdentifier);
    }
}
