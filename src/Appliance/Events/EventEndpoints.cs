using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Events;

/// <summary>/events: what moves, as server-sent events (HTML standard, 9.2).</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/events").WithTags("events");
        group.MapGet("", StreamAsync).WithName("streamEvents").Needs(EventScopes.Read)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Refuses(503);
        group.MapGet("/history", HistoryAsync).WithName("listEvents").Needs(EventScopes.Read).Produces<EventList>().Refuses(422, 503);
    }

    /// <summary>Lists what was told, newest first, also before a restart.</summary>
    /// <param name="context">The request.</param>
    /// <param name="store">What reads them.</param>
    /// <param name="log">What numbers them.</param>
    /// <param name="queue">What writes them.</param>
    /// <param name="words">Which kinds there are.</param>
    /// <param name="kind">One of the kinds of events.</param>
    /// <param name="since">At or after this time (RFC 3339).</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static async Task<IResult> HistoryAsync(HttpContext context, EventStore store, EventLog log, StoreQueue queue, WordRegistry words, [FromQuery, Word(WordLists.EventKind)] string? kind, [FromQuery] string? since, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        DateTimeOffset? from = reader.Time("since", since);
        long before = reader.Cursor("cursor", cursor);
        int most = reader.Number("limit", limit, 100, 1, 1000);
        if (!string.IsNullOrEmpty(kind) && !words.Find(WordLists.EventKind).Contains(kind, StringComparer.Ordinal))
        {
            reader.Fail("kind", Words.NotOneOf(kind, words.Find(WordLists.EventKind)));
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        try
        {
            await queue.FlushAsync(durable: false, context.RequestAborted);
            ScopeSet scopes = Caller.For(context).Key.Scopes;
            var rows = store.List(string.IsNullOrEmpty(kind) ? null : kind, from, before, scopes.IsAdmin ? null : scopes.Words, most + 1);
            string? next = rows.Count > most ? rows[most - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
            return TypedResults.Ok(new EventList([.. rows.Take(most).Select(row => new EventBody(log.IdOf(row.Sequence), row.Time, row.Kind, row.Version, Json(row.Data)))], next));
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The history cannot be read: {failure.Message}");
        }
    }

    private static JsonElement Json(ReadOnlyMemory<byte> data)
    {
        using JsonDocument document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }

    /// <summary>A stream of everything that happens, each event under its kind; the event gap says that something was missed.</summary>
    /// <remarks>Last-Event-ID resumes, also after a restart of the appliance. A comment is sent every 15 seconds.</remarks>
    private static async Task StreamAsync(HttpContext context, EventStream stream, EventStreamSlots seats, EventLog log, IHostApplicationLifetime lifetime, [FromHeader(Name = "Last-Event-ID")] string? lastEventId)
    {
        using EventStreamSlots.StreamSlot? seat = seats.TryOpen(Caller.For(context).Key.Id);
        if (seat is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await Problem.Create(StatusCodes.Status503ServiceUnavailable, string.Create(CultureInfo.InvariantCulture, $"Too many event streams are open; one key may have {seats.Share}.")).ExecuteAsync(context);
            return;
        }

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        long? place = string.IsNullOrEmpty(lastEventId) ? log.Last : log.SequenceOf(lastEventId);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await stream.SendAsync(context, seat, place, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The client went, or the appliance stops: both end a stream.
        }
    }
}
