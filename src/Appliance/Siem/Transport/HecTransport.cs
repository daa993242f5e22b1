using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Siem.Formats;
using Blackwall.Siem.Sinks;

namespace Blackwall.Siem.Transport;

/// <summary>
/// Splunk's HTTP Event Collector: objects one after the other, compressed. Where the token asks for it, a batch is delivered when the collector says
/// that it is indexed.
/// </summary>
internal sealed class HecTransport(Sink sink, string host, TimeProvider time) : ISinkTransport
{
    private const int MaxBytes = 900_000;
    private const string Channel = "X-Splunk-Request-Channel";
    private static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AckPoll = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = SinkClient.Create(sink.Settings.CaCertificate);
    private readonly string _channel = Guid.NewGuid().ToString("D");

    public TimeSpan Settling => TimeSpan.Zero;

    public bool IsAlive => true;

    public async Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation)
    {
        (byte[] body, int taken) = Pack(events);
        using HttpRequestMessage request = Request("/services/collector/event");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage response = await _client.SendAsync(request, cancellation);
        JsonNode? answer = await AnswerAsync(response, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return sink.Settings.Acknowledge && (long?)answer?["ackId"] is { } ack ? await AcknowledgedAsync(ack, taken, cancellation) : SendResult.Delivered(taken);
        }

        return Judge(response, answer, taken);
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

    private SendResult Judge(HttpResponseMessage response, JsonNode? answer, int taken)
    {
        int code = (int?)answer?["code"] ?? -1;
        string why = $"{(int)response.StatusCode} {(string?)answer?["text"] ?? response.ReasonPhrase} (code {code})";
        if ((int)response.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new SendResult(SendOutcome.Split, taken, why);
        }

        // 5 no data, 6 invalid format, 12 event required, 13 event blank, 15 nested fields: the events' fault. All else is the sink's or its settings'.
        if ((int)response.StatusCode != StatusCodes.Status400BadRequest || code is not (5 or 6 or 12 or 13 or 15))
        {
            return SendResult.Retry(taken, why, SinkClient.RetryAfter(response, time));
        }

        return (int?)answer?["invalid-event-number"] is { } index && index >= 0 && index < taken
            ? new SendResult(SendOutcome.Without, taken, why) { Refused = [(index, why)] }
            : new SendResult(SendOutcome.Split, taken, why);
    }

    private async Task<SendResult> AcknowledgedAsync(long ack, int taken, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < AckTimeout)
        {
            using HttpRequestMessage request = Request("/services/collector/ack");
            request.Content = JsonContent.Create(new JsonObject { ["acks"] = new JsonArray(ack) }, SiemNodeJson.Default.JsonObject);
            using HttpResponseMessage response = await _client.SendAsync(request, cancellation);
            JsonNode? answer = await AnswerAsync(response, cancellation);
            if (response.IsSuccessStatusCode && (bool?)answer?["acks"]?[$"{ack}"] == true)
            {
                return SendResult.Delivered(taken);
            }

            await Task.Delay(AckPoll, time, cancellation);
        }

        return SendResult.Retry(taken, $"The collector took a batch and did not confirm it within {AckTimeout.TotalSeconds:0} s.");
    }

    private HttpRequestMessage Request(string path)
    {
        HttpRequestMessage request = new(HttpMethod.Post, sink.Settings.Url.TrimEnd('/') + path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Splunk {sink.Secrets.Token}");
        request.Headers.TryAddWithoutValidation(Channel, _channel);
        return request;
    }

    private static async Task<JsonNode?> AnswerAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
