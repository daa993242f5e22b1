using System.Runtime.CompilerServices;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace Blackwall.Classification.Ollama;

/// <summary>Text of a model behind Ollama's protocol, piece by piece. Thread-safe.</summary>
internal sealed class OllamaText : ITextModel, IDisposable
{
    private const int Context = 4096;
    private const int Seed = 1;

    private readonly Lock _lock = new();
    private HttpClient? _http;

    public async IAsyncEnumerable<string> WriteAsync(TextQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        OllamaApiClient client = new(ClientOf(question.Endpoint), question.Model);
        ChatRequest request = new()
        {
            Model = question.Model,
            Messages = [new Message(ChatRole.System, question.System), new Message(ChatRole.User, question.Prompt)],
            Stream = true,
            Think = false,
            KeepAlive = "10m",
            Options = new RequestOptions { Temperature = 0, Seed = Seed, NumCtx = Context, NumPredict = question.MostTokens },
        };
        bool isDone = false;
        await foreach (ChatResponseStream? part in client.ChatAsync(request, cancellation))
        {
            isDone |= part is ChatDoneResponseStream { Done: true };
            if (part?.Message?.Content is { Length: > 0 } text)
            {
                yield return text;
            }
        }

        if (!isDone)
        {
            throw new ModelServerException(ModelOutcome.Malformed, "its answer is not finished");
        }
    }

    public void Dispose() => _http?.Dispose();

    // Questions that are under way keep the client that they began with.
    private HttpClient ClientOf(Uri endpoint)
    {
        lock (_lock)
        {
            return _http?.BaseAddress == endpoint ? _http : _http = ModelConnection.To(endpoint, inner => new BoundedPieces(inner));
        }
    }
}
