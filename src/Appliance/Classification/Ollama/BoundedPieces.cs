
namespace Blackwall.Classification.Ollama;

/// <summary>Lets an answer that comes in pieces through, as <see cref="BoundedAnswers"/> does with a whole one: JSON of bounded size, and nothing else.</summary>
internal sealed class BoundedPieces(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Of a whole answer, with the frames around its pieces.</summary>
    public const int MaxBytes = 512 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            BoundedAnswers.CheckHead(response, MaxBytes);
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            StreamContent content = new(new BoundedStream(stream, MaxBytes));
            content.Headers.ContentType = response.Content.Headers.ContentType;
            response.Content = content;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
