using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Api.Auditing;

/// <summary>/audit: who changed what, or tried to.</summary>
internal static class AuditEndpoints
{
    private const int PageSize = 1000;

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/audit").WithTags("audit");
        group.MapGet("", List).WithName("listAudit").Needs(AuditScopes.Read).Produces<AuditList>().Refuses(422, 503);
        group.MapGet("/export", ExportAsync).WithName("exportAudit").Needs(AuditScopes.Read).Produces<string>(StatusCodes.Status200OK, "application/x-ndjson").Refuses(422, 503);
        group.MapGet("/verify", Verify).WithName("verifyAudit").Needs(AuditScopes.Read).Produces<AuditProofBody>().Refuses(503);
    }

    /// <summary>Lists audit entries, newest first.</summary>
    /// <param name="store">The log.</param>
    /// <param name="actor">Of the key with this name.</param>
    /// <param name="action">Of this operation, as named in this document.</param>
    /// <param name="refused">true: only what was refused; false: only what was done.</param>
    /// <param name="since">At or after this time (RFC 3339).</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult List(AuditStore store, [FromQuery] string? actor, [FromQuery] string? action, [FromQuery] string? refused, [FromQuery] string? since, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        AuditQuery query = new(actor, action, reader.Flag("refused", refused), reader.Time("since", since), reader.Cursor("cursor", cursor), reader.Number("limit", limit, 100, 1, PageSize));
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        try
        {
            IReadOnlyList<AuditRow> rows = store.List(query with { Limit = query.Limit + 1 });
            string? next = rows.Count > query.Limit ? rows[query.Limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
            return TypedResults.Ok(new AuditList([.. rows.Take(query.Limit).Select(AuditBody.From)], next));
        }
        catch (StoreException failure)
        {
            return Unreadable(failure);
        }
    }

    /// <summary>Every audit entry that fits, newest first, one JSON object a line.</summary>
    /// <param name="context">The request.</param>
    /// <param name="store">The log.</param>
    /// <param name="since">At or after this time (RFC 3339).</param>
    private static async Task ExportAsync(HttpContext context, AuditStore store, [FromQuery] string? since)
    {
        DecisionReader reader = new();
        AuditQuery query = new(null, null, null, reader.Time("since", since), long.MaxValue, PageSize);
        if (reader.Failed)
        {
            await Problem.Invalid(reader.Errors).ExecuteAsync(context);
            return;
        }

        try
        {
            IReadOnlyList<AuditRow> rows = store.List(query);
            context.Response.ContentType = "application/x-ndjson";
            while (rows.Count > 0)
            {
                foreach (AuditRow row in rows)
                {
                    context.Response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(AuditBody.From(row), ApiJson.Default.AuditBody));
                    context.Response.BodyWriter.Write("\n"u8);
                }

                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                rows = store.List(query with { Before = rows[^1].Sequence });
            }
        }
        catch (StoreException failure) when (!context.Response.HasStarted)
        {
            await Unreadable(failure).ExecuteAsync(context);
        }
    }

    /// <summary>Walks over the whole log and tells whether it is as it was written.</summary>
    private static IResult Verify(AuditStore store)
    {
        try
        {
            ChainReport report = store.Verify();
            return TypedResults.Ok(new AuditProofBody(report.Intact, report.First, report.Last, Convert.ToHexStringLower(report.Head.Span), report.BrokenAt));
        }
        catch (StoreException failure)
        {
            return Unreadable(failure);
        }
    }

    private static Problem Unreadable(StoreException failure) => Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The audit log cannot be read: {failure.Message}");
}
