using Blackwall.Classification.Wire;
using Blackwall.Storage;

namespace Blackwall.Classification;

/// <summary>Asks the model, and the fallback model when its answer is void; keeps each exchange; opens the breaker. Belongs to the desk's loop.</summary>
internal sealed class Interview(ICaseModel model, ExchangeStore store, TimeProvider time, ILogger<Interview> log)
{
    private long _questions;
    private long _failures;
    private long _unrecorded;
    private long _tokens;

    public CircuitBreaker Breaker { get; } = new(time);

    public long Questions => Interlocked.Read(ref _questions);

    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Exchanges that the disk did not take.</summary>
    public long Unrecorded => Interlocked.Read(ref _unrecorded);

    /// <summary>As the server counts.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>What went wrong last, in words of ours; null: nothing has.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Null: no valid answer.</summary>
    public async Task<InterviewResult?> AskAsync(IReadOnlyList<Case> cases, AiOptions options, CancellationToken cancellation)
    {
        string question = CasePrompt.Write(cases);
        foreach (string name in new[] { options.Model, options.FallbackModel }.Where(n => n.Length > 0).Distinct(StringComparer.Ordinal))
        {
            DateTimeOffset asked = time.GetUtcNow();
            long began = time.GetTimestamp();
            ModelAnswer answer = await model.AskAsync(new ModelQuestion(options.Endpoint, name, question, cases.Count, TimeSpan.FromSeconds(options.TimeoutSeconds)), cancellation);
            (ModelOutcome outcome, string? detail) = (answer.Outcome, answer.Detail);
            IReadOnlyList<(OpinionCategory, int)> opinions = [];
            if (outcome == ModelOutcome.Answered && OpinionReply.Read(answer.Text, cases.Count, out opinions) is { } wrong)
            {
                (outcome, detail) = (ModelOutcome.Void, wrong);
            }

            Interlocked.Increment(ref _questions);
            Interlocked.Add(ref _tokens, Math.Max(0L, answer.PromptTokens) + Math.Max(0L, answer.AnswerTokens));
            Exchange exchange = new(
                0, asked, name, outcome, detail, cases.Count, question, Exchange.Shorten(answer.Text), answer.PromptTokens, answer.AnswerTokens, (long)time.GetElapsedTime(began).TotalMilliseconds);
            long id = await KeepAsync(exchange);
            if (outcome == ModelOutcome.Answered)
            {
                if (Breaker.IsTripped)
                {
                    ClassificationLog.ServerBack(log, options.Endpoint);
                }

                Breaker.Succeed();
                return new InterviewResult(name, id, opinions);
            }

            Interlocked.Increment(ref _failures);
            LastFailure = detail ?? OpinionWords.For(outcome);
            bool wasTripped = Breaker.IsTripped;
            if (Breaker.Fail(options.BreakerFailures, TimeSpan.FromSeconds(options.BreakerSeconds)))
            {
                if (!wasTripped)
                {
                    ClassificationLog.ServerFailing(log, options.Endpoint, LastFailure ?? "");
                }

                return null;
            }

            // Another model of a server that is not there, or that has no time, is not there either.
            if (outcome is ModelOutcome.Unreachable or ModelOutcome.TimedOut)
            {
                return null;
            }
        }

        return null;
    }

    private async Task<long> KeepAsync(Exchange exchange)
    {
        try
        {
            return await store.AddAsync(exchange);
        }
        catch (StoreException)
        {
            Interlocked.Increment(ref _unrecorded);
            return 0;
        }
    }
}
