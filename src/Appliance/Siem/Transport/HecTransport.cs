using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Siem.Formats;
using Blackwall.Siem.Sinks;

namespace Blackwall.Siem.Transport;

/// <summary>
/// Splunk's HTTP Event Collector: objects one after the other, compressed. Where the token asks for it, a batch is delivered when the collector says
/// that it is indexed, which takes it seconds: meanwhile the next batches are sent.
/// </summary>
internal sealed class HecTransport(Sink sink, string host, TimeProvider time) : IConfirmingTransport
{
    private const int MaxBytes = 900_000;
    private const int MaxOnTheWay = 64;
    private const string ChannelHeader = "X-Splunk-Request-Channel";

    /// <summary>A batch that is not confirmed by then goes again.</summary>
    private static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = SinkClient.Create(sink.Settings.CaCertificate);
    private readonly Queue<HecBatch> _onTheWay = new();

    // Numbers of batches begin anew when a collector starts anew: after a failure nothing may be confirmed by a number of before.
    private Guid _channel = Guid.NewGuid();

    public bool IsFull => _onTheWay.Count >= MaxOnTheWay;

    public TimeSpan ConfirmEvery { get; } = TimeSpan.FromMilliseconds(100);

    public bool OutlivesFailures => true;

    public async Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation)
    {
        (byte[] body, int taken) = Pack(events);
        (HttpStatusCode status, string? phrase, JsonNode? answer, TimeSpan? retryAfter) = await PostAsync("/services/collector/event", _channel, Compressed(body), cancellation);
        if (status is not HttpStatusCode.OK)
        {
            return Judge((int)status, phrase, answer, taken, retryAfter);
        }

        // A page of a proxy or of another service says 200 as well.
        if (SinkAnswer.Number(answer?["code"]) is not 0)
        {
            return SendResult.Retry(taken, "What answered is no collector of Splunk: it says 200, and not that it took the events (code 0).");
        }

        if (sink.Settings.Acknowledge && AckOf(answer) is null)
        {
            return SendResult.Retry(taken, "The collector gives no number to ask for: its token has no indexer acknowledgement. Switch it on there, or take 'acknowledge' away here.");
        }

        if (!sink.Settings.Acknowledge)
        {
            return SendResult.Delivered(taken);
        }

        _onTheWay.Enqueue(new HecBatch(body) { Channel = _channel, Ack = AckOf(answer)!.Value, Sent = time.GetTimestamp() });
        return SendResult.OnItsWay(taken);
    }

    public async Task<int> ConfirmAsync(CancellationToken cancellation)
    {
        foreach (IGrouping<Guid, HecBatch> sent in _onTheWay.Where(batch => !batch.IsIndexed).GroupBy(batch => batch.Channel))
        {
            await AskAsync(sent.Key, [.. sent], cancellation);
        }

        foreach (HecBatch late in _onTheWay.Where(batch => !batch.IsIndexed && time.GetElapsedTime(batch.Sent) >= AckTimeout))
        {
            await RepeatAsync(late, cancellation);
        }

        int confirmed = 0;
        while (_onTheWay.TryPeek(out HecBatch? first) && first.IsIndexed)
        {
            _onTheWay.Dequeue();
            confirmed++;
        }

        return confirmed;
    }

    public void Dispose() => _client.Dispose();

    private (byte[] Body, int Taken) Pack(IReadOnlyList<SiemEvent> events)
    {
        using MemoryStream packed = new();
        int taken = 0;
        int size = 0;
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (SiemEvent happened in events)
            {
                byte[] one = JsonFormats.Hec(happened, host, sink.Settings.Index, sink.Settings.SourceType ?? "blackwall:event");
                if (taken > 0 && size + one.Length > MaxBytes)
                {
                    break;
                }

                gzip.Write(one);
                size += one.Length;
                taken++;
            }
        }

        return (packed.ToArray(), taken);
    }

    private static SendResult Judge(int status, string? phrase, JsonNode? answer, int taken, TimeSpan? retryAfter)
    {
        int code = SinkAnswer.Number(answer?["code"]) is { } known and >= 0 and <= int.MaxValue ? (int)known : -1;
        string why = $"{status} {SinkAnswer.Text(answer?["text"]) ?? phrase} (code {code})";
        if (status is StatusCodes.Status413PayloadTooLarge)
        {
            return new SendResult(SendOutcome.Split, taken, why);
        }

        // 5 no data, 6 invalid format, 12 event required, 13 event blank, 15 nested fields: the events' fault. All else is the sink's or its settings'.
        if (status is not StatusCodes.Status400BadRequest || code is not (5 or 6 or 12 or 13 or 15))
        {
            return SendResult.Retry(taken, why, retryAfter);
        }

        return SinkAnswer.Number(answer?["invalid-event-number"]) is { } index && index >= 0 && index < taken
            ? new SendResult(SendOutcome.Without, taken, why) { Refused = [((int)index, why)] }
            : new SendResult(SendOutcome.Split, taken, why);
    }

    private async Task AskAsync(Guid channel, IReadOnlyList<HecBatch> batches, CancellationToken cancellation)
    {
        JsonObject question = new() { ["acks"] = new JsonArray([.. batches.Select(batch => (JsonNode)batch.Ack)]) };
        (HttpStatusCode status, _, JsonNode? answer, _) = await PostAsync("/services/collector/ack", channel, Question(question), cancellation);
        if (status is not HttpStatusCode.OK || answer?["acks"] is not JsonObject acks)
        {
            return;
        }

        foreach (HecBatch batch in batches)
        {
            batch.IsIndexed = acks[string.Create(CultureInfo.InvariantCulture, $"{batch.Ack}")] is JsonValue value && value.TryGetValue(out bool isThere) && isThere;
        }
    }

    private async Task RepeatAsync(HecBatch late, CancellationToken cancellation)
    {
        (HttpStatusCode status, string? phrase, JsonNode? answer, TimeSpan? retryAfter) = await PostAsync("/services/collector/event", _channel, Compressed(late.Body), cancellation);
        if (status is not HttpStatusCode.OK)
        {
            throw new SinkException($"The collector did not confirm a batch within {AckTimeout.TotalSeconds:0} s, and does not take it again: {(int)status} {SinkAnswer.Text(answer?["text"]) ?? phrase}.", retryAfter);
        }

        (late.Channel, late.Ack, late.Sent) = (_channel, AckOf(answer) ?? -1, time.GetTimestamp());
    }

    private async Task<(HttpStatusCode Status, string? Phrase, JsonNode? Answer, TimeSpan? RetryAfter)> PostAsync(string path, Guid channel, HttpContent content, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, sink.Settings.Url.TrimEnd('/') + path) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Splunk {sink.Secrets.Token}");
        request.Headers.TryAddWithoutValidation(ChannelHeader, channel.ToString("D"));
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return (response.IsSuccessStatusCode ? HttpStatusCode.OK : response.StatusCode, response.ReasonPhrase, await SinkAnswer.ReadAsync(response, cancellation), SinkClient.RetryAfter(response, time));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            _channel = Guid.NewGuid();
            throw;
        }
    }

    // With its length told beforehand: not every collector, or proxy before one, reads chunks.
    private static ByteArrayContent Question(JsonObject question)
    {
        ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(question, SiemNodeJson.Default.JsonObject));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static ByteArrayContent Compressed(byte[] body)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static long? AckOf(JsonNode? answer) => SinkAnswer.Number(answer?["ackId"]);
}
