namespace Blackwall.Classification;

/// <summary>A language model that writes text which nobody trusts.</summary>
internal interface ITextModel
{
    /// <summary>
    /// The pieces of an answer as the server sends them, of bounded size in all. Whatever the server does wrong is a <see cref="Ollama.ModelServerException"/>, an
    /// <see cref="HttpRequestException"/>, an <see cref="IOException"/> or a <see cref="System.Text.Json.JsonException"/>.
    /// </summary>
    IAsyncEnumerable<string> WriteAsync(TextQuestion question, CancellationToken cancellation);
}
