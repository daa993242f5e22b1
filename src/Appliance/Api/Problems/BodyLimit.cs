using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace Blackwall.Api.Problems;

/// <summary>Endpoint metadata: how large a body may be, bytes.</summary>
internal sealed record BodyLimit(long Bytes)
{
    public const long Default = 64 * 1024;

    /// <summary>Middleware: refuses what says that it is larger, and lets the server cut off what does not say.</summary>
    public static async Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        long limit = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? Default;
        if (context.Request.ContentLength > limit)
        {
            await Problem.Create(StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body may have {limit} bytes.")).ExecuteAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit;
        }

        await next(context);
    }
}
