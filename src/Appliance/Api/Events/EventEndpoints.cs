using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Changes;
using Blackwall.Kernel;
using Blackwall.Pipeline;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Api.Events;

/// <summary>/events: what moves, as server-sent events (HTML standard, 9.2).</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", StreamAsync).WithName("streamEvents").WithTags("events")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Refuses(503);

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
        using EventHub.Subscription? subscription = hub.Subscribe(lastEventId);
        if (subscription is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await Problem.Of(StatusCodes.Status503ServiceUnavailable, "Too many event streams are open.").ExecuteAsync(context);
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

                    // Whoever watches for hours called but once.
                    clients.Seen(DecisionDesk.CallerOf(context).Address);
                }

                await waited.CancelAsync();
            }

            if (more.IsCompleted)
            {
                await more;
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
        (string kind, byte[] data) = happened.Subject switch
        {
            DecisionChange change => (change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired ? "lifted" : "decision", Data(change)),
            Evidence evidence => ("evidence", JsonSerializer.SerializeToUtf8Bytes(EvidenceBody.Of(evidence), ApiJson.Default.EvidenceBody)),
            WallStatus status => ("status", JsonSerializer.SerializeToUtf8Bytes(WallBody.Of(status), ApiJson.Default.WallBody)),
            PolicyChange change => ("change", JsonSerializer.SerializeToUtf8Bytes(ChangeEventBody.Of(change), ApiJson.Default.ChangeEventBody)),
            _ => throw new InvalidOperationException($"{happened.Subject.GetType()} is not an event."),
        };
        Write(body, string.Create(CultureInfo.InvariantCulture, $"id: {hub.IdOf(happened)}\nevent: {kind}\ndata: "));
        body.Write(data);
        Write(body, "\n\n");
    }

    private static byte[] Data(DecisionChange change)
    {
        // The stream tells what was decided; whether the wall acts yet is a question for /decisions/{id}.
        DecisionBody decision = DecisionBody.Of(change.Decision, change.Evidence, enforced: false);
        DecisionEventBody data = new(Words.Kebab(change.Kind.ToString()), change.Actor, change.Count, change.Time, decision);
        return JsonSerializer.SerializeToUtf8Bytes(data, ApiJson.Default.DecisionEventBody);
    }

    private static void WriteGap(IBufferWriter<byte> body, long? missed)
    {
        Write(body, "event: gap\ndata: ");
        body.Write(JsonSerializer.SerializeToUtf8Bytes(new GapBody(missed), ApiJson.Default.GapBody));
        Write(body, "\n\n");
    }

    private static void Write(IBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
