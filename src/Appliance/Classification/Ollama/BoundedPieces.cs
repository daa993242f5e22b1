namespace Blackwall.Classification.Ollama;

/// <summary>
/// Lets one answer that comes in pieces through, as <see cref="BoundedAnswers"/> does with a whole one: JSON of bounded size, and nothing else. Ends the answer
/// when it is disposed; the connections below stay.
/// </summary>
internal sealed class BoundedPieces(SocketsHttpHandler sockets) : HttpMessageHandler
{
    /// <summary>Of a whole answer, with the frames around its pieces.</summary>
    public const int MaxBytes = 512 * 1024;

    private readonly HttpMessageInvoker _inner = new(sockets, disposeHandler: false);
    private HttpResponseMessage? _response;

    /// <summary>Ends the answer; who reads it gets an exception.</summary>
    public void Cut() => _response?.Dispose();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await _inner.SendAsync(request, cancellationToken);
        _response = response;
        BoundedAnswers.CheckHead(response, MaxBytes);
        StreamContent content = new(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), MaxBytes));
        content.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content = content;
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        Cut();
        _inner.Dispose();
        base.Dispose(disposing);
    }
}
