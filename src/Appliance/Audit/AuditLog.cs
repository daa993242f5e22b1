using System.Threading.Channels;
using Blackwall.Pipeline;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Audit;

/// <summary>
/// Who changed what, or tried to. Entries are written in the order in which they come, many at once. A disk that refuses does not hold
/// anybody up: they wait in memory, bounded, and are written when it takes them again. Thread-safe.
/// </summary>
public sealed class AuditLog(AuditStore store, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditLog> log) : BackgroundService, IStatsSource, IHealthSource
{
    public const int Capacity = 8192;
    private const int BatchSize = 1024;

    /// <summary>How long an answer waits for its entry to be stored.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Channel<(AuditEntry Entry, TaskCompletionSource<bool> Stored)> _entries =
        Channel.CreateBounded<(AuditEntry, TaskCompletionSource<bool>)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly List<(AuditEntry Entry, TaskCompletionSource<bool> Stored)> _batch = [];
    private long _written;
    private long _dropped;
    private long _failures;
    private string? _why;

    public string Name => "audit";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _why) is { } why ? $"The audit log cannot be stored ({why}); free space or make the state folder writable. The newest {Capacity} entries wait in memory." : null;

    /// <summary>Adds an entry and waits until it is stored, at most a second. False: it waits on, or found no place and is counted.</summary>
    public async Task<bool> RecordAsync(AuditEntry entry)
    {
        TaskCompletionSource<bool> stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_entries.Writer.TryWrite((entry, stored)))
        {
            Interlocked.Increment(ref _dropped);
            return false;
        }

        try
        {
            return await stored.Task.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["written"] = Interlocked.Read(ref _written),
        ["waiting"] = _entries.Reader.Count,
        ["dropped"] = Interlocked.Read(ref _dropped),
        ["failures"] = Interlocked.Read(ref _failures),
    };

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (ExecuteTask is null or { IsCompleted: true } && Take() && Write())
        {
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_batch.Count > 0 || await _entries.Reader.WaitToReadAsync(stoppingToken))
        {
            Take();
            if (!Write())
            {
                await Task.Delay(Retry, time, stoppingToken);
            }
        }
    }

    /// <summary>Fills the batch; false: there is nothing to write.</summary>
    private bool Take()
    {
        while (_batch.Count < BatchSize && _entries.Reader.TryRead(out (AuditEntry, TaskCompletionSource<bool>) next))
        {
            _batch.Add(next);
        }

        return _batch.Count > 0;
    }

    private bool Write()
    {
        try
        {
            store.Append([.. _batch.Select(item => item.Entry)], time.GetUtcNow().AddDays(-options.Value.RetentionDays).ToUnixTimeMilliseconds(), options.Value.MaxRows);
        }
        catch (StoreException failure)
        {
            Interlocked.Increment(ref _failures);
            if (Interlocked.Exchange(ref _why, failure.Message) is null)
            {
                AuditMessages.CannotWrite(log, failure.Message);
            }

            // Nobody waits for a second attempt; the entries do.
            foreach ((_, TaskCompletionSource<bool> stored) in _batch)
            {
                stored.TrySetResult(false);
            }

            return false;
        }

        if (Interlocked.Exchange(ref _why, null) is not null)
        {
            AuditMessages.WritesAgain(log);
        }

        Interlocked.Add(ref _written, _batch.Count);
        foreach ((_, TaskCompletionSource<bool> stored) in _batch)
        {
            stored.TrySetResult(true);
        }

        _batch.Clear();
        return true;
    }
}
