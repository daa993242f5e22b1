using System.Globalization;
using Blackwall.Events;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Classification;

/// <summary>
/// Asks the language model about suspicious sources, in a loop of its own. Nobody waits for it: what it does not get to is counted, and detection, decisions
/// and the wall are the same whatever the server does.
/// </summary>
internal sealed class ModelDesk : BackgroundService, IStatsSource, IHealthSource
{
    // A case costs a look into the store: this many a round, so that a crowd of sources wears nothing.
    private const int MostLooked = 64;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly CaseQueue _queue;
    private readonly CaseBuilder _builder;
    private readonly Interview _interview;
    private readonly OpinionBook _book;
    private readonly OpinionActs _acts;
    private readonly OpinionCache _cache;
    private readonly TokenBudget _budget;
    private readonly EventLog _events;
    private readonly IOptions<AiOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelDesk> _log;
    private long _cases;
    private long _cached;
    private long _unanswered;
    private long _opinions;
    private long _limits;
    private long _budgetWaits;

    public ModelDesk(
        CaseQueue queue, CaseBuilder builder, Interview interview, OpinionBook book, OpinionActs acts, EventLog events, IOptions<AiOptions> options, TimeProvider time, ILogger<ModelDesk> log)
    {
        (_queue, _builder, _interview, _book, _acts, _events, _options, _time, _log) = (queue, builder, interview, book, acts, events, options, time, log);
        (_cache, _budget) = (new OpinionCache(time), new TokenBudget(time));
    }

    public string Name => "model";

    public bool Ready => true;

    public string? Fault => _options.Value.Mode != AiMode.Off && _interview.Breaker.IsTripped
        ? string.Create(CultureInfo.InvariantCulture, $"The model server at {_options.Value.Endpoint} gives no valid answers (the last time: {_interview.LastFailure}) and is left alone for now; everything else works without it. 'blackwall model exchanges' shows what it answered; ai.mode = \"off\" ends this.")
        : null;

    /// <summary>A word of <see cref="OpinionWords.States"/>.</summary>
    public string State =>
        _options.Value.Mode == AiMode.Off ? "off" : _interview.Breaker.Remaining > TimeSpan.Zero ? "paused" : _queue.Count > 0 && _budget.Left(_options.Value.TokensPerMinute) < MinTokens ? "waiting" : "ready";

    private static int MinTokens => Wire.CasePrompt.Tokens("", 1);

    public long TokensLeft => _budget.Left(_options.Value.TokensPerMinute);

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["waiting"] = _queue.Count,
        ["dropped"] = _queue.Dropped,
        ["cases"] = Interlocked.Read(ref _cases),
        ["cached"] = Interlocked.Read(ref _cached),
        ["unanswered"] = Interlocked.Read(ref _unanswered),
        ["opinions"] = Interlocked.Read(ref _opinions),
        ["limits"] = Interlocked.Read(ref _limits),
        ["budgetWaits"] = Interlocked.Read(ref _budgetWaits),
        ["questions"] = _interview.Questions,
        ["failures"] = _interview.Failures,
        ["unrecorded"] = _interview.Unrecorded,
        ["tokens"] = _interview.Tokens,
        ["paused"] = _interview.Breaker.IsTripped ? 1 : 0,
    };

    /// <summary>
    /// Asks about what waits, at most one question's worth. For the loop, and for tests, one caller at a time.
    /// </summary>
    /// <returns>Whether a valid answer came; false: nothing is to be asked, or it has to wait.</returns>
    public async Task<bool> AskOnceAsync(CancellationToken cancellation)
    {
        AiOptions options = _options.Value;
        if (options.Mode == AiMode.Off)
        {
            _queue.Clear();
            return false;
        }

        if (_interview.Breaker.Remaining > TimeSpan.Zero)
        {
            return false;
        }

        // After a pause one source is enough to see whether the server is back.
        List<(Case Case, string Digest)> asked = await GatherAsync(options, _interview.Breaker.IsTripped ? 1 : options.BatchSize, cancellation);
        if (asked.Count == 0)
        {
            return false;
        }

        Case[] cases = [.. asked.Select(a => a.Case)];
        int tokens = Wire.CasePrompt.Tokens(Wire.CasePrompt.Write(cases), cases.Length);
        if (!_budget.TryTake(Math.Min(tokens, options.TokensPerMinute), options.TokensPerMinute))
        {
            Interlocked.Increment(ref _budgetWaits);
            WaitAgain(cases);
            return false;
        }

        Interlocked.Add(ref _cases, cases.Length);
        if (await _interview.AskAsync(cases, options, cancellation) is not { } result)
        {
            // They are asked about again, as far as they are suspicious by then; the breaker bounds how often.
            Interlocked.Add(ref _unanswered, cases.Length);
            WaitAgain(cases);
            return false;
        }

        for (int i = 0; i < cases.Length; i++)
        {
            Opinion opinion = new(cases[i], result.Model, result.Opinions[i].Category, result.Opinions[i].Percent, _time.GetUtcNow(), result.Exchange, Cached: false);
            _cache.Add(asked[i].Digest, opinion);
            Take(opinion, options);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _queue.WaitAsync(stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(_options.Value.BatchSeconds), _time, stoppingToken);
                if (!await AskOnceAsync(stoppingToken) && _queue.Count > 0)
                {
                    await Task.Delay(s_pause, _time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                ClassificationLog.DeskFailed(_log, failure);
                await Task.Delay(s_pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<List<(Case Case, string Digest)>> GatherAsync(AiOptions options, int most, CancellationToken cancellation)
    {
        List<(Case, string)> gathered = [];
        for (int looked = 0; gathered.Count < most && looked < MostLooked && _queue.TryTake(out Address source); looked++)
        {
            if (await _builder.BuildAsync(source, cancellation) is not { } found)
            {
                continue;
            }

            string digest = found.Digest();
            if (_cache.Find(digest, TimeSpan.FromMinutes(options.CacheMinutes)) is { } cached)
            {
                Interlocked.Increment(ref _cached);

                // The same source with the same numbers: that was said already.
                if (_book.Get(source) is not { } known || !string.Equals(known.About.Digest(), digest, StringComparison.Ordinal))
                {
                    Take(cached with { About = found, Cached = true }, options);
                }

                continue;
            }

            gathered.Add((found, digest));
        }

        return gathered;
    }

    private void WaitAgain(Case[] cases)
    {
        foreach (Case waiting in cases)
        {
            _queue.Add(waiting.Source);
        }
    }

    private void Take(Opinion opinion, AiOptions options)
    {
        Interlocked.Increment(ref _opinions);
        OpinionEffect effect = _acts.Apply(opinion, options);
        if (effect == OpinionEffect.Limited)
        {
            Interlocked.Increment(ref _limits);
        }

        Opinion told = opinion with { Effect = effect };
        _book.Add(told);
        _events.Add(ClassificationEvents.Given, told);
    }
}
