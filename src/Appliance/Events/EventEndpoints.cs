using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Events;

/// <summary>/events: what moves, as server-sent events (HTML standard, 9.2).</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/events").WithTags("events");
        group.MapGet("", StreamAsync).WithName("streamEvents").Needs(EventScopes.Read)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Refuses(503);
        group.MapGet("/history", History).WithName("listEvents").Needs(EventScopes.Read).Produces<EventList>().Refuses(422, 503);
    }

    /// <summary>Lists what the stream told, newest first, also before a restart.</summary>
    /// <param name="history">What writes them.</param>
    /// <param name="store">What reads them.</param>
    /// <param name="words">Which kinds there are.</param>
    /// <param name="kind">decision, lifted, evidence, status or change.</param>
    /// <param name="since">At or after this time (RFC 3339).</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult History(EventHistory history, EventStore store, WordRegistry words, [FromQuery, Word(WordLists.EventKind)] string? kind, [FromQuery] string? since, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        DateTimeOffset? from = reader.Time("since", since);
        long before = reader.Cursor("cursor", cursor);
        int most = reader.Number("limit", limit, 100, 1, 1000);
        if (!string.IsNullOrEmpty(kind) && !words.Of(WordLists.EventKind).Contains(kind, StringComparer.Ordinal))
        {
            reader.Fail("kind", $"One of {Words.List(words.Of(WordLists.EventKind))}.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        try
        {
            history.Flush();
            var rows = store.List(string.IsNullOrEmpty(kind) ? null : kind, from, before, most + 1);
            string? next = rows.Count > most ? rows[most - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
            return TypedResults.Ok(new EventList([.. rows.Take(most).Select(row => new EventBody(row.Id, row.Time, row.Kind, Json(row.Data)))], next));
        }
        catch (StoreException failure)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The history cannot be read: {failure.Message}");
        }
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>A stream of the events decision, lifted, evidence, status and gap.</summary>
    /// <remarks>Last-Event-ID resumes; a gap event says that something was missed. A comment is sent every 15 seconds.</remarks>
    private static async Task StreamAsync(
        HttpContext context,
        EventHub hub,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        IManagementClients clients,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId)
    {
        using EventHub.Subscription? subscription = hub.Subscribe(lastEventId, Caller.Of(context).Key.Id);
        if (subscription is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await Problem.Of(StatusCodes.Status503ServiceUnavailable, string.Create(CultureInfo.InvariantCulture, $"Too many event streams are open; one key may have {hub.Share}.")).ExecuteAsync(context);
            return;
        }

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await SendAsync(context, hub, subscription, time, clients, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The client went, or the appliance stops: both end a stream.
        }
    }

    private static async Task SendAsync(HttpContext context, EventHub hub, EventHub.Subscription subscription, TimeProvider time, IManagementClients clients, CancellationToken cancellation)
    {
        IBufferWriter<byte> body = context.Response.BodyWriter;
        Write(body, ": connected\n\n");
        if (subscription.Gap)
        {
            WriteGap(body, subscription.Missed);
        }

        foreach (StreamEvent happened in subscription.Backlog)
        {
            WriteEvent(body, hub, happened);
        }

        await context.Response.BodyWriter.FlushAsync(cancellation);
        Task<bool> more = subscription.Events.WaitToReadAsync(cancellation).AsTask();
        while (!cancellation.IsCancellationRequested)
        {
            using (CancellationTokenSource waited = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            {
                if (await Task.WhenAny(more, Task.Delay(Heartbeat, time, waited.Token)) != more)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Write(body, ": heartbeat\n\n");

                    // A stream is one request, however long it lasts.
                    Caller caller = Caller.Of(context);
                    if (caller.Key.Scopes.MayChange)
                    {
                        clients.Seen(caller.Address);
                    }
                }

                await waited.CancelAsync();
            }

            if (more.IsCompleted)
            {
                if (!await more)
                {
                    // Its place went to another key.
                    return;
                }

                while (subscription.Events.TryRead(out StreamEvent? happened))
                {
                    WriteEvent(body, hub, happened);
                }

                more = subscription.Events.WaitToReadAsync(cancellation).AsTask();
            }

            // Told after what did fit: the missed ones are newer than all of that.
            if (subscription.TakeMissed() is > 0 and long missed)
            {
                WriteGap(body, missed);
            }

            await context.Response.BodyWriter.FlushAsync(cancellation);
        }
    }

    private static void WriteEvent(IBufferWriter<byte> body, EventHub hub, StreamEvent happened)
    {
        Write(body, string.Create(CultureInfo.InvariantCulture, $"id: {hub.IdOf(happened)}\nevent: {happened.Kind.Name}\ndata: "));
        body.Write(happened.Data());
        Write(body, "\n\n");
    }

    private static void WriteGap(IBufferWriter<byte> body, long? missed)
    {
        Write(body, "event: gap\ndata: ");
        body.Write(JsonSerializer.SerializeToUtf8Bytes(new GapBody(missed), EventJson.Default.GapBody));
        Write(body, "\n\n");
    }

    private static void Write(IBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
