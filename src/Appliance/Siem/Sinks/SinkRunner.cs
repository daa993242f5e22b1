using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Blackwall.Events;
using Blackwall.Siem.Transport;
using Blackwall.Storage;

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

    private readonly Queue<(long Place, long Sent)> _unsettled = new();
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
            catch (Exception failure) when (IsOfTheSink(failure))
            {
                Forget(failure);
                await Task.Delay(Pause(failure), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _transport?.Dispose();
    }

    /// <summary>Sends one event beside the stream. Null: delivered; else why not.</summary>
    public static async Task<string?> TestAsync(Sink sink, SiemEvent happened, Func<Sink, ISinkTransport> connect, CancellationToken cancellation)
    {
        try
        {
            using ISinkTransport transport = connect(sink);
            SendResult result = await transport.SendAsync([happened], cancellation);
            return result.Outcome is SendOutcome.Delivered && result.Refused.Count == 0 ? null : result.Error ?? result.Refused[0].Why;
        }
        catch (Exception failure) when (IsOfTheSink(failure) || failure is OperationCanceledException)
        {
            return Sentence(failure);
        }
    }

    private static bool IsOfTheSink(Exception failure) => failure
        is SinkException or HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException or StoreException or CryptographicException or UriFormatException or InvalidOperationException;

    private async Task StepAsync(CancellationToken stopping)
    {
        if (!mayRun())
        {
            await Task.Delay(LicensePause, time, stopping);
            return;
        }

        Settle();
        await WaitAsync(stopping);
        Settle();
        EventPage page = await log.ReadAsync(_place, PageSize, stopping);
        Interlocked.Add(ref _missed, page.Missed);
        SiemEvent[] events = [.. page.Events.Where(happened => sink.Settings.Kinds.Count == 0 || sink.Settings.Kinds.Contains(happened.Kind, StringComparer.Ordinal)).Select(normalizer.Read).Where(happened => happened.Severity >= sink.Settings.MinSeverity)];
        await SendAsync(events, stopping);
        Advance(page.Next);
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        if (_unsettled.Count == 0)
        {
            await log.WaitAsync(_place, stopping);
            return;
        }

        // What was sent is looked after, also when nothing new happens.
        using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(log.WaitAsync(_place, soon.Token), Task.Delay(_transport!.Settling / 4, time, soon.Token));
        await soon.CancelAsync();
    }

    private async Task SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken stopping)
    {
        List<SiemEvent> left = [.. events];
        int most = left.Count;
        while (left.Count > 0)
        {
            _transport ??= connect(sink);
            SendResult result = await _transport.SendAsync(left.Count > most ? left[..most] : left, stopping);
            switch (result.Outcome)
            {
                case SendOutcome.Delivered:
                    foreach ((int index, string why) in result.Refused)
                    {
                        await QuarantineAsync(left[index], why);
                    }

                    Interlocked.Add(ref _sent, result.Taken - result.Refused.Count);
                    _lastSent = time.GetUtcNow();
                    Advance(left[result.Taken - 1].Sequence);
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

            Volatile.Write(ref _error, null);
            _inRow = 0;
        }
    }

    private async Task QuarantineAsync(SiemEvent refused, string why)
    {
        await store.QuarantineAsync(sink.Name, refused, why);
        Interlocked.Increment(ref _refused);
    }

    private void Advance(long place)
    {
        if (place <= _place)
        {
            return;
        }

        _place = place;
        _unsettled.Enqueue((place, time.GetTimestamp()));
        Settle();
    }

    private void Settle()
    {
        if (_transport is { IsAlive: false } ended)
        {
            if (_unsettled.Count == 0)
            {
                ended.Dispose();
                _transport = null;
                return;
            }

            throw new SinkException("The sink has closed the connection.", null);
        }

        long before = _settled;
        TimeSpan settling = _transport?.Settling ?? TimeSpan.Zero;
        while (_unsettled.TryPeek(out (long Place, long Sent) first) && time.GetElapsedTime(first.Sent) >= settling)
        {
            Interlocked.Exchange(ref _settled, first.Place);
            _unsettled.Dequeue();
        }

        if (_settled != before)
        {
            places.Move(sink.Name, _settled);
        }
    }

    // What is not settled goes again.
    private void Forget(Exception failure)
    {
        _transport?.Dispose();
        _transport = null;
        _unsettled.Clear();
        _place = _settled;
        Interlocked.Increment(ref _failures);
        Volatile.Write(ref _error, Sentence(failure));
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

    private static string Sentence(Exception failure) => failure is OperationCanceledException ? "The sink did not answer in time." : failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message;
}
