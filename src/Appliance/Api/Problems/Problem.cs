using Blackwall.Api.Auditing;
using Microsoft.AspNetCore.WebUtilities;

namespace Blackwall.Api.Problems;

/// <summary>An answer of 4xx or 5xx: application/problem+json whatever the client accepts.</summary>
internal sealed class Problem(int status, string detail, IReadOnlyDictionary<string, string[]>? errors) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    public int? StatusCode => status;

    public string Detail => detail;

    /// <summary>"about:blank": the status says it all.</summary>
    public string Type { get; init; } = "about:blank";

    public static Problem Create(int status, string detail) => new(status, detail, null);

    /// <summary>422: understood, but it makes no sense.</summary>
    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, "Some fields are not valid.", errors);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        AuditNote.For(httpContext).Detail = detail;
        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<IFailureForm>() is { } form)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentLength = null;
            await form.WriteAsync(httpContext, ReasonPhrases.GetReasonPhrase(status), detail);
            return;
        }

        ProblemBody body = new(Type, ReasonPhrases.GetReasonPhrase(status), status, detail, httpContext.Request.Path, httpContext.TraceIdentifier, errors);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentLength = null;
        await httpContext.Response.WriteAsJsonAsync(body, ApiJson.Default.ProblemBody, ContentType, httpContext.RequestAborted);
    }
}
