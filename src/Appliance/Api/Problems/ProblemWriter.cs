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
            string detail = json is null ? failure.Message : $"The body is not the JSON that is wanted: {Unknown(json) ?? json.Message}";
            await new Problem(failure.StatusCode, detail, new Dictionary<string, string[]>(StringComparer.Ordinal) { [FieldOf(json)] = [detail] }).ExecuteAsync(context);
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

    /// <summary>A member that the body may not have, and the nearest that it may; null: something else is wrong.</summary>
    private static string? Unknown(JsonException json)
    {
        // "The JSON property 'x' could not be mapped to any .NET member contained in type 'Y'.": the type's name is none of the client's business.
        string[] parts = json.Message.Split('\'');
        if (parts.Length < 5 || !parts[2].Contains("could not be mapped", StringComparison.Ordinal) || Type.GetType(parts[^2]) is not { } type)
        {
            return null;
        }

        string[] known = [.. ApiJson.Default.GetTypeInfo(type)?.Properties.Select(property => property.Name) ?? []];
        string written = string.Join('\'', parts[1..^3]);
        return $"it has no member '{written}'. {NearestName.Sentence(written, known)}";
    }

    /// <summary>"$.networks[0]" is the field "networks[0]"; what is wrong before any field is wrong with the body.</summary>
    private static string FieldOf(JsonException? json) => json?.Path is ['$', '.', .. { Length: > 0 } field] ? field : "body";

    private static string Sentence(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => $"This path knows {context.Response.Headers.Allow}, not {context.Request.Method}.",
        StatusCodes.Status415UnsupportedMediaType => "The body has a type that is not understood here.",
        _ => "The request failed.",
    };
}
