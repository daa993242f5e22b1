using Blackwall.Events;
using Blackwall.Siem.Transport;

namespace Blackwall.Siem.Sinks;

/// <summary>
/// Follows the event log for one sink. The log is the queue: what the sink has not taken stays there, over outages and restarts, as long as the log keeps
/// it. At least once, in order; a pause that grows, with jitter, after a failure.
/// </summary>
internal sealed class SinkRunner(Sink sink, EventLog log, EventNormalizer normalizer, SinkPlaces places, SinkStore store, Func<Sink, ISinkTransport> connect, Func<bool> mayRun, TimeProvider time)
{
    private const int PageSize = 1000;
    private static readonly TimeSpan LicensePause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseLast = TimeSpan.FromMinutes(1);

    /// <summary>Longer than a stream has to stand after a batch.</summary>
    private static readonly TimeSpan DrainFor = TimeSpan.FromSeconds(3);

    /// <summary>Batches on their way: the place behind each, and how many events it has.</summary>
    private readonly List<(long Place, int Count)> _onTheWay = [];
    private ISinkTransport? _transport;
    private long _place = sink.Place;
    private long _settled = sink.Place;
    private long _sent;
    private long _refused;
    private long _missed;
    private long _failures;
    private long _inRow;
    private string? _error;
    private DateTimeOffset? _lastSent;

    public Sink Sink => sink;

    /// <summary>The last event that is delivered for sure.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    public SinkBody Describe() => new(
        sink.Name, sink.Settings.Kind, sink.Settings.Url, sink.Settings.Format, sink.Settings.Enabled, sink.Secrets.Token is { Length: > 0 }, sink.Settings.Index, sink.Settings.SourceType, sink.Settings.Acknowledge,
        sink.Settings.MinSeverity, sink.Settings.Kinds, sink.Settings.CaCertificate,
        !sink.Settings.Enabled ? "stopped" : !mayRun() ? "unlicensed" : Volatile.Read(ref _error) is null ? "running" : "retrying",
        Interlocked.Read(ref _sent), Interlocked.Read(ref _refused), Interlocked.Read(ref _missed), Math.Max(0, log.Last - Settled), Interlocked.Read(ref _failures), Volatile.Read(ref _error), _lastSent);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure) when (SinkFailure.IsOfTheSink(failure))
            {
                OnFailure(failure);
                await Task.Delay(Pause(failure), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await DrainAsync();
        _transport?.Dispose();
    }

    private async Task StepAsync(CancellationToken stopping)
    {
        if (!mayRun())
        {
            await Task.Delay(LicensePause, time, stopping);
            return;
        }

        await ConfirmAsync(stopping);
        await WaitAsync(stopping);
        EventPage page = await log.ReadAsync(_place, PageSize, stopping);
        Interlocked.Add(ref _missed, page.Missed);
        SiemEvent[] events = [.. page.Events.Where(MayHave).Where(happened => sink.Settings.Kinds.Count == 0 || sink.Settings.Kinds.Contains(happened.Kind, StringComparer.Ordinal)).Select(normalizer.Read).Where(happened => happened.Severity >= sink.Settings.MinSeverity)];
        await SendAsync(events, stopping);
        Pass(page.Next);
    }

    // What the key that made the sink may not read itself goes to no server of its choice.
    private bool MayHave(ApplianceEvent happened) => happened.Scope is not { } scope || sink.Settings.Scopes is not { } own || own.Contains(scope, StringComparer.Ordinal);

    private async Task WaitAsync(CancellationToken stopping)
    {
        if (_onTheWay.Count == 0)
        {
            await log.WaitAsync(_place, stopping);
            return;
        }

        // What was sent is looked after, also when nothing new happens.
        using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(log.WaitAsync(_place, soon.Token), Task.Delay(Confirming!.ConfirmEvery, time, soon.Token));
        await soon.CancelAsync();
    }

    private async Task SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken stopping)
    {
        List<SiemEvent> left = [.. events];
        int most = left.Count;
        while (left.Count > 0)
        {
            _transport ??= connect(sink);
            await MakeRoomAsync(stopping);
            SendResult result = await _transport.SendAsync(left.Count > most ? left[..most] : left, stopping);
            switch (result.Outcome)
            {
                case SendOutcome.Delivered or SendOutcome.OnItsWay:
                    foreach ((int index, string why) in result.Refused)
                    {
                        await QuarantineAsync(left[index], why);
                    }

                    Took(left[result.Taken - 1].Sequence, result.Taken - result.Refused.Count, result.Outcome is SendOutcome.OnItsWay);
                    left.RemoveRange(0, result.Taken);
                    most = left.Count;
                    break;
                case SendOutcome.Without:
                    foreach ((int index, string why) in result.Refused.OrderByDescending(one => one.Index))
                    {
                        await QuarantineAsync(left[index], why);
                        left.RemoveAt(index);
                    }

                    most = left.Count;
                    break;
                case SendOutcome.Split when result.Taken == 1:
                    await QuarantineAsync(left[0], result.Error ?? "refused");
                    left.RemoveAt(0);
                    break;
                case SendOutcome.Split:
                    most = Math.Max(1, result.Taken / 2);
                    break;
                default:
                    throw new SinkException(result.Error ?? "The sink did not take the events.", result.RetryAfter);
            }
        }
    }

    private async Task QuarantineAsync(SiemEvent refused, string why)
    {
        await store.QuarantineAsync(sink.Name, refused, why);
        Interlocked.Increment(ref _refused);
    }

    private IConfirmingTransport? Confirming => _transport as IConfirmingTransport;

    private async Task MakeRoomAsync(CancellationToken stopping)
    {
        while (Confirming is { IsFull: true } full)
        {
            await ConfirmAsync(stopping);
            if (full.IsFull)
            {
                await Task.Delay(full.ConfirmEvery, time, stopping);
            }
        }
    }

    private async Task ConfirmAsync(CancellationToken stopping)
    {
        if (_onTheWay.Count == 0 || Confirming is not { } confirming)
        {
            return;
        }

        int confirmed = await confirming.ConfirmAsync(stopping);
        if (confirmed > 0)
        {
            (long place, int events) = (_onTheWay[confirmed - 1].Place, _onTheWay.Take(confirmed).Sum(batch => batch.Count));
            _onTheWay.RemoveRange(0, confirmed);
            Settle(place, events);
        }
    }

    private void Took(long place, int count, bool isOnItsWay)
    {
        _place = place;
        if (isOnItsWay)
        {
            _onTheWay.Add((place, count));
        }
        else
        {
            Settle(place, count);
        }
    }

    /// <summary>Goes on behind events that are not for this sink, or that it has refused.</summary>
    private void Pass(long place)
    {
        if (place <= _place)
        {
            return;
        }

        _place = place;
        if (_onTheWay.Count > 0)
        {
            _onTheWay[^1] = (place, _onTheWay[^1].Count);
        }
        else
        {
            Settle(place, 0);
        }
    }

    private void Settle(long place, int events)
    {
        if (events > 0)
        {
            Interlocked.Add(ref _sent, events);
            _lastSent = time.GetUtcNow();

            // Only what has arrived ends a failure: a sink that takes everything and confirms nothing is asked less and less often.
            Volatile.Write(ref _error, null);
            _inRow = 0;
        }

        Interlocked.Exchange(ref _settled, place);
        places.Move(sink.Name, place);
    }

    private void OnFailure(Exception failure)
    {
        if (Confirming is not { OutlivesFailures: true })
        {
            // What is not confirmed goes again.
            _transport?.Dispose();
            _transport = null;
            _onTheWay.Clear();
            _place = _settled;
        }

        Interlocked.Increment(ref _failures);
        Volatile.Write(ref _error, SinkFailure.Sentence(failure));
    }

    /// <summary>At a stop, waits a moment for what is on its way, so that it need not go again after the start.</summary>
    private async Task DrainAsync()
    {
        using CancellationTokenSource end = new(DrainFor, time);
        try
        {
            while (_onTheWay.Count > 0 && Confirming is { } confirming && !end.IsCancellationRequested)
            {
                await ConfirmAsync(end.Token);
                await Task.Delay(confirming.ConfirmEvery, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception failure) when (SinkFailure.IsOfTheSink(failure))
        {
            OnFailure(failure);
        }
    }

    private TimeSpan Pause(Exception failure)
    {
        TimeSpan pause = PauseFirst * Math.Pow(2, Math.Min(_inRow++, 8));
        pause = pause < PauseLast ? pause : PauseLast;
#pragma warning disable CA5394 // Nothing is kept secret by it.
        pause *= 0.5 + Random.Shared.NextDouble();
#pragma warning restore CA5394
        return (failure as SinkException)?.RetryAfter is { } asked && asked > pause ? asked : pause;
    }
}
