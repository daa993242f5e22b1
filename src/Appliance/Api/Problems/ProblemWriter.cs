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
            string detail = failure.InnerException is System.Text.Json.JsonException json ? $"The body is not the JSON that is wanted: {json.Message}" : failure.Message;
            await Problem.Of(failure.StatusCode, detail).ExecuteAsync(context);
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            ApiLog.Failed(log, failure, context.Request.Method, context.Request.Path);
            await Problem.Of(StatusCodes.Status500InternalServerError, "The appliance failed on this request; its log says more under the trace id.").ExecuteAsync(context);
            return;
        }

        if (context.Response.StatusCode >= 400 && !context.Response.HasStarted)
        {
            await Problem.Of(context.Response.StatusCode, Sentence(context)).ExecuteAsync(context);
        }
    }

    private static string Sentence(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => $"This path knows {context.Response.Headers.Allow}, not {context.Request.Method}.",
        StatusCodes.Status415UnsupportedMediaType => "The body has a type that is not understood here.",
        _ => "The request failed.",
    };
}
