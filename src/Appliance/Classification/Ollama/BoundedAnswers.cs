using System.Net;
using System.Net.Http.Headers;
using System.Text.Unicode;

namespace Blackwall.Classification.Ollama;

/// <summary>
/// Stands between the client library, which reads answers whole, and the server: lets through what is JSON, of bounded size and UTF-8, and ends the
/// connection over anything else.
/// </summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Of a whole answer. A valid one about 16 sources is below 4 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly string[] s_json = ["application/json", "application/x-ndjson"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            byte[] body = await ReadAsync(response, cancellationToken);
            HttpContentHeaders headers = response.Content.Headers;
            ByteArrayContent content = new(body);
            content.Headers.ContentType = headers.ContentType;
            response.Content.Dispose();
            response.Content = content;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Refuses an answer by its head.</summary>
    /// <exception cref="ModelServerException">It is no success, no JSON, compressed, or says that it is too large.</exception>
    public static void CheckHead(HttpResponseMessage response, int most)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new ModelServerException(
                response.StatusCode == HttpStatusCode.NotFound ? ModelOutcome.NoSuchModel : ModelOutcome.Refused,
                $"it answered with status {(int)response.StatusCode}");
        }

        HttpContentHeaders headers = response.Content.Headers;
        if (headers.ContentEncoding.Count > 0 || headers.ContentType?.MediaType is not { } type || !s_json.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new ModelServerException(ModelOutcome.NotJson, "its answer is not marked as JSON");
        }

        if (headers.ContentLength > most)
        {
            throw TooLarge(most);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        CheckHead(response, MaxBytes);
        // One byte more than is allowed, so that what is just too large is seen.
        byte[] buffer = new byte[MaxBytes + 1];
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > MaxBytes)
        {
            throw TooLarge(MaxBytes);
        }

        return Utf8.IsValid(buffer.AsSpan(0, length)) ? buffer[..length] : throw new ModelServerException(ModelOutcome.NotUtf8, "its answer is no UTF-8");
    }

    private static ModelServerException TooLarge(int most) => new(ModelOutcome.TooLarge, $"its answer is larger than {most} bytes");
}
