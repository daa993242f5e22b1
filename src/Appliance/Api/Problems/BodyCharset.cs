using Microsoft.Net.Http.Headers;

namespace Blackwall.Api.Problems;

/// <summary>Middleware: a body is UTF-8 (for JSON: RFC 8259 §8.1), whatever else its type claims is refused before anything tries to decode it.</summary>
internal static class BodyCharset
{
    public static async Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.Charset is { Length: > 0 } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            await Problem.Create(StatusCodes.Status415UnsupportedMediaType, "A body is UTF-8 here.").ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
