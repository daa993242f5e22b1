using Blackwall.Events;
using System.Net.Http.Headers;
using Blackwall.Siem.Formats;
using Blackwall.Siem.Sinks;

namespace Blackwall.Siem.Transport;

/// <summary>
/// POST of JSON lines. With a key each is signed: X-Blackwall-Signature is "v1=" and the HMAC-SHA256, in hexadecimal, of X-Blackwall-Timestamp (seconds
/// since 1970), a dot and the body.
/// </summary>
internal sealed class WebhookTransport(Sink sink, string host, TimeProvider time) : ISinkTransport
{
    private const int MaxBytes = 900_000;
    private readonly HttpClient _client = SinkClient.Create(sink.Settings.CaCertificate);

    public async Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation)
    {
        using MemoryStream body = new();
        int taken = 0;
        foreach (SiemEvent happened in events)
        {
            byte[] one = sink.Settings.Format is "eve" ? JsonFormats.Eve(happened, host) : JsonFormats.Ecs(happened, host);
            if (taken > 0 && body.Length + one.Length > MaxBytes)
            {
                break;
            }

            body.Write(one);
            body.WriteByte((byte)'\n');
            taken++;
        }

        using HttpRequestMessage request = new(HttpMethod.Post, sink.Settings.Url) { Content = new ByteArrayContent(body.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        request.Headers.TryAddWithoutValidation("X-Blackwall-Delivery", events[0].Id);
        if (sink.Secrets.Token is { Length: > 0 } key)
        {
            WebhookSignature.Add(request, key, body.GetBuffer().AsSpan(0, (int)body.Length), time.GetUtcNow());
        }

        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        string why = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        return response.IsSuccessStatusCode ? SendResult.Delivered(taken)
            : (int)response.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status422UnprocessableEntity ? new SendResult(SendOutcome.Split, taken, why)
            : SendResult.Retry(taken, why, SinkClient.RetryAfter(response, time));
    }

    public void Dispose() => _client.Dispose();
}
