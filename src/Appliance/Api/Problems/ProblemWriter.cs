using System.Text.Json;

namespace Blackwall.Api.Problems;

/// <summary>Gives every failure that nobody described a body: missing routes, wrong methods and types, broken requests, bugs.</summary>
internal sealed class ProblemWriter(RequestDelegate next, ILogger<ProblemWriter> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            JsonException? json = failure.InnerException as JsonException;
            string detail = json is not null ? WrongBody.Sentence(context, json)
                : IsMissingBody(failure) ? WrongBody.Missing(context) ?? "This needs a body."
                : failure.StatusCode == StatusCodes.Status415UnsupportedMediaType ? AcceptedTypes.Sentence(context)
                : failure.Message;
            await new Problem(failure.StatusCode, detail, new Dictionary<string, string[]>(StringComparer.Ordinal) { [WrongBody.FieldOf(json)] = [detail] }).ExecuteAsync(context);
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            ApiLog.Failed(log, failure, context.Request.Method, context.Request.Path);
            await Problem.Create(StatusCodes.Status500InternalServerError, "The appliance failed on this request; its log says more under the trace id.").ExecuteAsync(context);
            return;
        }

        if (context.Response.StatusCode >= 400 && !context.Response.HasStarted)
        {
            await Problem.Create(context.Response.StatusCode, Sentence(context)).ExecuteAsync(context);
        }
    }

    // "Implicit body inferred for parameter ... but no body was provided", "Required parameter ... was not provided from body."
    private static bool IsMissingBody(BadHttpRequestException failure) =>
        failure.StatusCode == StatusCodes.Status400BadRequest
        && (failure.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal) || failure.Message.EndsWith("was not provided from body.", StringComparison.Ordinal));

    private static string Sentence(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => $"This path knows {context.Response.Headers.Allow}, not {context.Request.Method}.",
        StatusCodes.Status415UnsupportedMediaType => AcceptedTypes.Sentence(context),
        _ => "The request failed.",
    };
}
