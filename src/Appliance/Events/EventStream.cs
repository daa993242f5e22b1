using System.Buffers;
using System.Text;
using System.Text.Json;
using Blackwall.Api.Keys;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Events;

/// <summary>Sends the log to a client as server-sent events (HTML standard, 9.2). A client that is slow is waited for; what the log has cut meanwhile it is told of.</summary>
internal sealed class EventStream(EventLog log, EventStreamSlots seats, IManagementClients clients, TimeProvider time)
{
    private const int PageSize = 256;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <param name="context">The request.</param>
    /// <param name="seat">Its place.</param>
    /// <param name="after">The event that the client knows; null: it knows one that is not of this log.</param>
    /// <param name="cancellation">Ends the stream.</param>
    public async Task SendAsync(HttpContext context, EventStreamSlots.StreamSlot seat, long? after, CancellationToken cancellation)
    {
        IBufferWriter<byte> body = context.Response.BodyWriter;
        Write(body, ": connected\n\n");
        if (after is null)
        {
            WriteGap(body, null);
        }

        Caller caller = Caller.For(context);
        long place = after ?? log.Last;
        await context.Response.BodyWriter.FlushAsync(cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            EventPage page = await ReadAsync(place, cancellation);
            if (page.HasGap)
            {
                WriteGap(body, page.IsUncertain ? null : page.Missed);
                seats.Missed(page.Missed);
            }

            foreach (ApplianceEvent happened in page.Events.Where(happened => MaySee(caller, happened)))
            {
                WriteEvent(body, happened);
            }

            place = page.Next;
            await context.Response.BodyWriter.FlushAsync(cancellation);
            if (!await MoreAsync(context, caller, seat, place, cancellation))
            {
                return;
            }
        }
    }

    private async Task<EventPage> ReadAsync(long place, CancellationToken cancellation)
    {
        try
        {
            return await log.ReadAsync(place, PageSize, cancellation);
        }
        catch (StoreException)
        {
            // The disk failed, which health reports; events in memory are sent.
            return log.Nearest(place, PageSize);
        }
    }

    /// <summary>Waits for the next event and sends a comment meanwhile. False: the stream was closed in favour of another key.</summary>
    private async Task<bool> MoreAsync(HttpContext context, Caller caller, EventStreamSlots.StreamSlot seat, long place, CancellationToken cancellation)
    {
        Task more = log.WaitAsync(place, cancellation);
        while (!more.IsCompleted)
        {
            using CancellationTokenSource waited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task first = await Task.WhenAny(more, seat.Over, Task.Delay(Heartbeat, time, waited.Token));
            await waited.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            if (first == seat.Over)
            {
                return false;
            }

            if (first == more)
            {
                break;
            }

            Write(context.Response.BodyWriter, ": heartbeat\n\n");
            await context.Response.BodyWriter.FlushAsync(cancellation);

            // A stream is one request, however long it lasts.
            if (caller.Key.Scopes.MayChange)
            {
                clients.Seen(caller.Address);
            }
        }

        await more;
        return !seat.Over.IsCompleted;
    }

    private static bool MaySee(Caller caller, ApplianceEvent happened) =>
        happened.Scope is not { } needed || caller.Key.Scopes.IsAdmin || caller.Key.Scopes.Words.Contains(needed, StringComparer.Ordinal);

    private void WriteEvent(IBufferWriter<byte> body, ApplianceEvent happened)
    {
        Write(body, $"id: {log.IdOf(happened.Sequence)}\nevent: {happened.Kind}\ndata: ");
        body.Write(happened.Data.Span);
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
