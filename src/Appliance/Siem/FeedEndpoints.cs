using System.Globalization;
using System.Text;
using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Events;
using Blackwall.Decisions;
using Blackwall.Siem.Formats;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Siem;

/// <summary>/feed: events to be fetched, oldest first, in the formats of security tools.</summary>
internal static class FeedEndpoints
{
    private const string JsonLines = "application/x-ndjson";
    private const string Plain = "text/plain";
    private static readonly string Host = Environment.MachineName;

    private static readonly Dictionary<string, Func<SiemEvent, string>> Formats = new(StringComparer.Ordinal)
    {
        ["cef"] = CefWriter.Write,
        ["leef"] = LeefWriter.Write,
        ["hec"] = happened => Encoding.UTF8.GetString(JsonFormats.Hec(happened, Host, null, "blackwall:event")),
        ["ecs"] = happened => Encoding.UTF8.GetString(JsonFormats.Ecs(happened, Host)),
        ["eve"] = happened => Encoding.UTF8.GetString(JsonFormats.Eve(happened, Host)),
    };

    public static void MapFeeds(this IEndpointRouteBuilder api) => api.MapGet("/feed/{format}", ReadAsync).WithTags("feed").WithName("readFeed").Needs(EventScopes.Read).WithMetadata(new Licensed(null))
        .Produces<string>(StatusCodes.Status200OK, Plain, JsonLines).Refuses(404, 410, 422, 503);

    /// <summary>Events after a place, oldest first, one a line: cef, leef, hec, ecs or eve.</summary>
    /// <remarks>The header X-Next-Cursor says where to go on, also when there is nothing more now. A place that the log does not have any more is answered 410 and the oldest place that there is.</remarks>
    /// <param name="format">cef, leef, hec, ecs or eve.</param>
    /// <param name="context">The request.</param>
    /// <param name="log">All events.</param>
    /// <param name="normalizer">Makes fields of them.</param>
    /// <param name="license">Says which formats there are.</param>
    /// <param name="cursor">X-Next-Cursor of the page before; without it from the oldest event on.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    private static async Task<IResult> ReadAsync(string format, HttpContext context, EventLog log, EventNormalizer normalizer, ILicense license, [FromQuery] string? cursor, [FromQuery] string? limit)
    {
        if (!Formats.TryGetValue(format, out Func<SiemEvent, string>? write))
        {
            return Problem.Create(StatusCodes.Status404NotFound, $"There is no such feed; there are stix, {string.Join(", ", Formats.Keys)}.");
        }

        LicensedFeature feature = format is "cef" or "leef" ? LicensedFeature.LineFeeds : LicensedFeature.JsonFeeds;
        if (!LicenseMatrix.Has(license.Tier, feature))
        {
            return LicenseGate.Refuse(license.Tier, LicenseMatrix.NeededFor(feature));
        }

        DecisionReader reader = new();
        int most = Math.Min(reader.Number("limit", limit, 100, 1, PageLimit.Most), PageLimit.Of(context));
        long? after = string.IsNullOrEmpty(cursor) ? 0 : log.SequenceOf(cursor);
        if (after is null)
        {
            reader.Fail("cursor", "No place in this log.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        try
        {
            EventPage page = await log.ReadAsync(after!.Value, most, context.RequestAborted);
            if (page.Missed > 0 && !string.IsNullOrEmpty(cursor))
            {
                context.Response.Headers["X-Next-Cursor"] = log.IdOf(page.Events.Count > 0 ? page.Events[0].Sequence - 1 : page.Next);
                return Problem.Create(StatusCodes.Status410Gone, string.Create(CultureInfo.InvariantCulture, $"{page.Missed} events after this place are not kept any more; X-Next-Cursor is the oldest place that there is."));
            }

            ScopeSet scopes = Caller.For(context).Key.Scopes;
            StringBuilder lines = new();
            foreach (ApplianceEvent happened in page.Events.Where(happened => happened.Scope is not { } scope || scopes.IsAdmin || scopes.Words.Contains(scope, StringComparer.Ordinal)))
            {
                lines.Append(write(normalizer.Read(happened))).Append('\n');
            }

            context.Response.Headers["X-Next-Cursor"] = log.IdOf(page.Next);
            return TypedResults.Text(lines.ToString(), format is "cef" or "leef" ? Plain : JsonLines, Encoding.UTF8);
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The events cannot be read: {failure.Message}");
        }
    }
}
