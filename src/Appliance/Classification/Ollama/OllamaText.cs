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

    private const int Connections = 2;

    private readonly SocketsHttpHandler _sockets = ModelConnection.Make(Connections);

    public async IAsyncEnumerable<string> WriteAsync(TextQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The client library leaves an answer open that it cannot read, and reads on in a line that does not end: neither may keep one of the few connections.
        using BoundedPieces pieces = new(_sockets);
        using HttpClient http = new(pieces, disposeHandler: false) { BaseAddress = question.Endpoint, Timeout = Timeout.InfiniteTimeSpan };
        await using CancellationTokenRegistration cut = cancellation.Register(pieces.Cut);
        OllamaApiClient client = new(http, question.Model);
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

    public void Dispose() => _sockets.Dispose();
}
