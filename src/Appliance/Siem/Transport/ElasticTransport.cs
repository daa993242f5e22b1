using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Siem.Formats;
using Blackwall.Siem.Sinks;

namespace Blackwall.Siem.Transport;

/// <summary>Elastic's bulk API. The event's id is the document's, so what is sent twice is there once.</summary>
internal sealed class ElasticTransport(Sink sink, string host, TimeProvider time) : ISinkTransport
{
    private const int MaxBytes = 4_000_000;
    private readonly HttpClient _client = SinkClient.Create(sink.Settings.CaCertificate);

    public async Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation)
    {
        (byte[] body, int taken) = Pack(events);
        using HttpRequestMessage request = new(HttpMethod.Post, sink.Settings.Url.TrimEnd('/') + "/_bulk") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        request.Content.Headers.ContentEncoding.Add("gzip");
        if (sink.Secrets.Token is { Length: > 0 } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token.Contains(':', StringComparison.Ordinal) ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(token))}" : $"ApiKey {token}");
        }

        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        string why = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        if ((int)response.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            return new SendResult(SendOutcome.Split, taken, why);
        }

        return response.IsSuccessStatusCode ? await JudgeAsync(response, taken, cancellation) : SendResult.Retry(taken, why, SinkClient.RetryAfter(response, time));
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
                byte[] document = sink.Settings.Format is "eve" ? JsonFormats.Eve(happened, host) : JsonFormats.Ecs(happened, host);
                string action = $$$"""{"create":{"_index":"{{{sink.Settings.Index ?? "blackwall"}}}","_id":"{{{happened.Id}}}"}}""" + "\n";
                if (taken > 0 && size + document.Length + action.Length > MaxBytes)
                {
                    break;
                }

                gzip.Write(Encoding.UTF8.GetBytes(action));
                gzip.Write(document);
                gzip.WriteByte((byte)'\n');
                size += document.Length + action.Length;
                taken++;
            }
        }

        return (packed.ToArray(), taken);
    }

    private static async Task<SendResult> JudgeAsync(HttpResponseMessage response, int taken, CancellationToken cancellation)
    {
        JsonArray? items = (await SinkAnswer.ReadAsync(response, cancellation))?["items"] as JsonArray;
        if (items?.Count != taken)
        {
            return SendResult.Retry(taken, $"The answer tells of {items?.Count ?? 0} of {taken} events.");
        }

        List<(int, string)> refused = [];
        for (int i = 0; i < items.Count; i++)
        {
            JsonObject? one = (items[i] as JsonObject)?["create"] as JsonObject;
            JsonObject? error = one?["error"] as JsonObject;
            int status = (int)Math.Clamp(SinkAnswer.Number(one?["status"]) ?? 0, 0, 999);
            string why = $"{status} {SinkAnswer.Text(error?["type"])}: {SinkAnswer.Text(error?["reason"])}";
            if (status is StatusCodes.Status400BadRequest)
            {
                refused.Add((i, why));
            }
            else if (status is not (>= 200 and < 300 or StatusCodes.Status409Conflict))
            {
                // 409: it is there already. What is there goes again with the rest and is told so.
                return SendResult.Retry(taken, why);
            }
        }

        return SendResult.Delivered(taken) with { Refused = refused };
    }
}
