using Blackwall.Api.Licenses;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Siem.Transport;
using Blackwall.Storage;

namespace Blackwall.Siem.Sinks;

/// <summary>All sinks, and the runner of each. A sink that hangs or fails holds up no other one, and nothing else.</summary>
internal sealed class SinkBook(EventLog log, EventNormalizer normalizer, SinkStore store, SinkPlaces places, ILicense license, TimeProvider time) : BackgroundService, IStatsSource, IHealthSource
{
    public const int MaxSinks = 64;

    private static readonly string Host = Environment.MachineName;
    private readonly SemaphoreSlim _editing = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private string? _unread;
    private bool _isStopped;

    string IStatsSource.Name => "sinks";

    string IHealthSource.Name => "sinks";

    public bool Ready => true;

    public string? Fault => _unread ?? (_running.Values.Select(one => one.Runner.Describe()).FirstOrDefault(sink => sink.State is "retrying") is { } failing ? $"The sink '{failing.Name}' gets no events: {failing.LastError}" : null);

    public IReadOnlyList<SinkBody> All => [.. _running.Values.Select(one => one.Runner.Describe()).OrderBy(sink => sink.Name, StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, long> Read()
    {
        IReadOnlyList<SinkBody> all = All;
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["sinks"] = all.Count,
            ["retrying"] = all.Count(sink => sink.State is "retrying"),
            ["sent"] = all.Sum(sink => sink.Sent),
            ["refused"] = all.Sum(sink => sink.Refused),
            ["missed"] = all.Sum(sink => sink.Missed),
            ["failures"] = all.Sum(sink => sink.Failures),
            ["behind"] = all.Select(sink => sink.Behind).DefaultIfEmpty().Max(),
        };
    }

    /// <summary>The tier that is needed for one more sink of a kind, or another one in the place of one; null: the licence goes so far.</summary>
    public LicenseTier? Lacking(SinkKind kind, string name)
    {
        Func<LicenseLimits, int?> limit = IsLine(kind) ? limits => limits.LineSinks : limits => limits.CollectorSinks;
        int count = _running.Values.Count(one => IsLine(one.Runner.Sink.Kind) == IsLine(kind) && !string.Equals(one.Runner.Sink.Name, name, StringComparison.Ordinal)) + 1;
        return limit(LicenseMatrix.LimitsOf(license.Tier)) is { } most && count > most ? LicenseMatrix.NeededFor(limit, count) : null;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (Sink sink in store.All())
            {
                Run(sink);
            }
        }
        catch (StoreException failure)
        {
            _unread = $"Sinks cannot be read: {failure.Message}";
        }

        return base.StartAsync(cancellationToken);
    }

    public Sink? Find(string name) => _running.TryGetValue(name, out Running? known) ? known.Runner.Sink : null;

    public SinkBody? Describe(string name) => _running.TryGetValue(name, out Running? known) ? known.Runner.Describe() : null;

    /// <summary>Makes a sink, which begins with what happens from now on, or gives one that is there other settings. Null: done; else why not.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">What it shall be.</param>
    /// <param name="secrets">What it proves itself with.</param>
    /// <param name="fits">Whether the one that is there is the one that was read; null: there must be none.</param>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task<SinkChange> PutAsync(string name, SinkSettings settings, SinkSecrets secrets, Func<Sink, bool>? fits)
    {
        await _editing.WaitAsync();
        try
        {
            Sink? before = Find(name);
            if (before is null != fits is null)
            {
                return before is null ? SinkChange.Missing : SinkChange.Exists;
            }

            if (before is not null && !fits!(before))
            {
                return SinkChange.Stale;
            }

            if (before is null && _running.Count >= MaxSinks)
            {
                return SinkChange.Full;
            }

            Sink made = new(name, settings, secrets, (before?.Revision ?? 0) + 1, before is null ? log.Last : _running[name].Runner.Settled);
            await store.PutAsync(made);
            if (before is not null)
            {
                made = made with { Place = await EndAsync(name) };
            }

            Run(made);
            return SinkChange.Done;
        }
        finally
        {
            _editing.Release();
        }
    }

    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task<SinkChange> RemoveAsync(string name, Func<Sink, bool> fits)
    {
        await _editing.WaitAsync();
        try
        {
            if (Find(name) is not { } before)
            {
                return SinkChange.Missing;
            }

            if (!fits(before))
            {
                return SinkChange.Stale;
            }

            await store.RemoveAsync(name);
            await EndAsync(name);
            return SinkChange.Done;
        }
        finally
        {
            _editing.Release();
        }
    }

    /// <summary>Sends refused events again, one by one and oldest first, beside the stream. Null: there is no such sink.</summary>
    /// <exception cref="StoreException">The store cannot be read, or the disk refused.</exception>
    public async Task<RefusedRetryBody?> RetryAsync(string name, CancellationToken cancellation)
    {
        if (Find(name) is not { } sink)
        {
            return null;
        }

        (long sent, long refused) = (0, 0);
        using SingleSender sender = new(() => Connect(sink));
        foreach (RefusedEvent one in store.Refused(name, before: null, SinkStore.MaxRefused).Reverse())
        {
            SiemEvent happened = normalizer.Read(new ApplianceEvent(one.Sequence, one.Time, one.Kind, 1, scope: null, isForgeable: false, one.Body));
            (string? refusal, string? error) = await sender.SendAsync(happened, cancellation);
            if (error is not null)
            {
                return new RefusedRetryBody(sent, refused, error);
            }

            if (refusal is not null)
            {
                refused++;
                continue;
            }

            await store.ForgetRefusedAsync(name, one.Id);
            sent++;
        }

        return new RefusedRetryBody(sent, refused, null);
    }

    /// <summary>Sends one event beside the stream. Null: delivered; else why not.</summary>
    public async Task<string?> TestAsync(Sink sink, SiemEvent happened, CancellationToken cancellation)
    {
        using SingleSender sender = new(() => Connect(sink));
        (string? refusal, string? error) = await sender.SendAsync(happened, cancellation);
        return refusal ?? error;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may stop its services twice.
        if (Interlocked.Exchange(ref _isStopped, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values.Select(one => one.Task));
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _editing.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    private static bool IsLine(SinkKind kind) => kind is SinkKind.Syslog or SinkKind.Lines;

    /// <summary>Whether the licence allows a sink of this kind at all: one that expired keeps what it has configured, and events wait in the log.</summary>
    private bool MaySend(SinkKind kind) => LicenseMatrix.Has(license.Tier, IsLine(kind) ? LicensedFeature.LineSinks : LicensedFeature.CollectorSinks);

    private void Run(Sink sink)
    {
        SinkRunner runner = new(sink, log, normalizer, places, store, Connect, () => MaySend(sink.Kind), time);
        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task task = sink.Settings.Enabled ? Task.Run(() => runner.RunAsync(end.Token), CancellationToken.None) : Task.CompletedTask;
        _running = new Dictionary<string, Running>(_running, StringComparer.Ordinal) { [sink.Name] = new Running(runner, end, task) };
    }

    /// <summary>Ends a runner; returns how far it got.</summary>
    private async Task<long> EndAsync(string name)
    {
        Running stopping = _running[name];
        await stopping.End.CancelAsync();
        await stopping.Task;
        stopping.End.Dispose();
        _running = _running.Where(one => !string.Equals(one.Key, name, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        return stopping.Runner.Settled;
    }

    private ISinkTransport Connect(Sink sink) => sink.Kind switch
    {
        SinkKind.Hec => new HecTransport(sink, Host, time),
        SinkKind.Elastic => new ElasticTransport(sink, Host, time),
        SinkKind.Webhook => new WebhookTransport(sink, Host, time),
        _ => new StreamTransport(sink, Host, time),
    };

    private sealed record Running(SinkRunner Runner, CancellationTokenSource End, Task Task);
}
