using System.Text.Json;
using Blackwall.Classification.Wire;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace Blackwall.Classification.Ollama;

/// <summary>A model behind Ollama's protocol. One caller at a time.</summary>
internal sealed class OllamaModel(TimeProvider time) : ICaseModel, IDisposable
{
    private const int Context = 8192;
    private const int Seed = 1;

    private readonly JsonElement _schema = JsonDocument.Parse(CasePrompt.Schema).RootElement.Clone();
    private HttpClient? _http;

    public async Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = new(question.Timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await ChatAsync(question, both.Token);
        }
        catch (Exception failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return Failed(failure, timeout.IsCancellationRequested);
        }
    }

    public void Dispose() => _http?.Dispose();

    private async Task<ModelAnswer> ChatAsync(ModelQuestion question, CancellationToken cancellation)
    {
        OllamaApiClient client = new(ClientOf(question.Endpoint), question.Model);
        ChatRequest request = new()
        {
            Model = question.Model,
            Messages = [new Message(ChatRole.System, CasePrompt.System), new Message(ChatRole.User, question.Cases)],
            Stream = false,
            Think = false,
            Format = _schema,
            KeepAlive = "10m",
            Options = new RequestOptions { Temperature = 0, Seed = Seed, NumCtx = Context, NumPredict = question.Count * CasePrompt.TokensEach },
        };
        ChatResponseStream? last = null;
        await foreach (ChatResponseStream? part in client.ChatAsync(request, cancellation))
        {
            // It was asked not to stream: one part is the whole answer.
            if (last is not null)
            {
                return new ModelAnswer(ModelOutcome.Malformed, "", "it answered in parts");
            }

            last = part;
        }

        if (last is not ChatDoneResponseStream { Done: true } done)
        {
            return new ModelAnswer(ModelOutcome.Malformed, "", "its answer is not finished");
        }

        // "length": the model ran out of tokens in the middle.
        if (done.DoneReason is { Length: > 0 } reason && !string.Equals(reason, "stop", StringComparison.Ordinal))
        {
            return new ModelAnswer(ModelOutcome.Malformed, "", "the model stopped before its answer was whole");
        }

        return last.Message?.Content is { Length: > 0 } text
            ? new ModelAnswer(ModelOutcome.Answered, text, PromptTokens: done.PromptEvalCount, AnswerTokens: done.EvalCount)
            : new ModelAnswer(ModelOutcome.Malformed, "", "the model said nothing but thoughts, or nothing at all");
    }

    private HttpClient ClientOf(Uri endpoint)
    {
        if (_http?.BaseAddress == endpoint)
        {
            return _http;
        }

        _http?.Dispose();
        return _http = new HttpClient(new BoundedAnswers(ModelConnection.Make(connections: 1))) { BaseAddress = endpoint, Timeout = Timeout.InfiniteTimeSpan };
    }

    // What the server sent is not repeated: only words of ours are told.
    private static ModelAnswer Failed(Exception failure, bool timedOut)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is ModelServerException refused)
            {
                return new ModelAnswer(refused.Outcome, "", refused.Message);
            }
        }

        return timedOut ? new ModelAnswer(ModelOutcome.TimedOut, "", "it did not answer in time")
            : failure is HttpRequestException or IOException ? new ModelAnswer(ModelOutcome.Unreachable, "", "the connection failed or broke")
            : new ModelAnswer(ModelOutcome.Malformed, "", "its answer does not follow the protocol");
    }
}
