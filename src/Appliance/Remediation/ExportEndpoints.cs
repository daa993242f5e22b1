using System.Globalization;
using System.Text;
using Blackwall.Api;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;

namespace Blackwall.Remediation;

/// <summary>/exports: what is kept out, for other firewalls.</summary>
internal static class ExportEndpoints
{
    private static readonly Dictionary<string, ExportFormat> Formats = new(StringComparer.Ordinal)
    {
        ["netset"] = ExportFormat.Netset,
        ["nftables"] = ExportFormat.Nftables,
        ["ipset"] = ExportFormat.Ipset,
    };

    public static void MapExports(this IEndpointRouteBuilder api) => api.MapGet("/exports/{format}", ExportAsync).WithTags("exports").WithName("exportBlocks").Needs(RemediationScopes.Read).WithMetadata(new Licensed(null))
        .Produces<string>(StatusCodes.Status200OK, "text/plain").Produces(StatusCodes.Status304NotModified).Refuses(404);

    /// <summary>What is kept out, as a netset, or as a script for nft -f or ipset restore.</summary>
    /// <remarks>What is allowed or guarded is cut out of the prefixes. The ETag changes when the list does: with If-None-Match an unchanged one is answered 304.</remarks>
    /// <param name="format">netset, nftables or ipset.</param>
    /// <param name="context">The request.</param>
    /// <param name="blocks">The list.</param>
    private static async Task<IResult> ExportAsync(string format, HttpContext context, BlockList blocks)
    {
        if (!Formats.TryGetValue(format, out ExportFormat known))
        {
            return Problem.Create(StatusCodes.Status404NotFound, $"There is no such export; there are {string.Join(", ", Formats.Keys)}.");
        }

        (long place, Block[] all) = blocks.All();
        string tag = string.Create(CultureInfo.InvariantCulture, $"\"{place:x}-{format}\"");
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        await using StreamWriter writer = new(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 65_536, leaveOpen: true) { NewLine = "\n" };
        foreach (string line in ExportWriter.Lines(ExportWriter.Merge(all.Select(block => block.Scope)), known))
        {
            await writer.WriteLineAsync(line);
        }

        return Results.Empty;
    }
}
