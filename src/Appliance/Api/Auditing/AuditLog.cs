using System.Threading.Channels;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Auditing;

/// <summary>
/// Who changed what, or tried to. Entries are written in the order in which they come, in the transaction that stores what they tell of. A disk
/// that refuses does not hold anybody up: they wait in memory, bounded, and are written when it takes them again. Thread-safe.
/// </summary>
internal sealed class AuditLog(StoreQueue queue, EventLog events, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditLog> log) : IStoreRider, IStatsSource, IHealthSource
{
    public const int Capacity = 8192;
    private const int BatchSize = 1024;

    /// <summary>How long an answer waits for its entry to be stored.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Channel<AuditEntry> _entries = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly List<AuditEntry> _batch = [];
    private long _written;
    private long _dropped;
    private long _failures;
    private string? _why;

    public string Name => "audit";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _why) is { } why ? $"The audit log cannot be stored ({why}); free space or make the state folder writable. The newest {Capacity} entries wait in memory." : null;

    /// <summary>
    /// Adds an entry and waits until it is on the disk with everything that was decided before it, at most five seconds. False: it waits on, or found no
    /// place and is counted.
    /// </summary>
    public async Task<bool> RecordAsync(AuditEntry entry)
    {
        // In the same transaction as the entry.
        events.Add(AuditEvents.Recorded, entry);
        if (!_entries.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
            return false;
        }

        try
        {
            return await queue.FlushAsync(durable: true, CancellationToken.None).WaitAsync(Patience, time);
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

    bool IStoreRider.TakeBatch()
    {
        while (_batch.Count < BatchSize && _entries.Reader.TryRead(out AuditEntry? next))
        {
            _batch.Add(next);
        }

        return _batch.Count > 0;
    }

    void IStoreRider.Write(StoreTransaction transaction) =>
        AuditStore.Append(transaction, _batch, time.GetUtcNow().AddDays(-options.Value.RetentionDays).ToUnixTimeMilliseconds(), options.Value.MaxRows);

    void IStoreRider.Written()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        if (Interlocked.Exchange(ref _why, null) is not null)
        {
            AuditMessages.WritesAgain(log);
        }

        Interlocked.Add(ref _written, _batch.Count);
        _batch.Clear();
    }

    void IStoreRider.Refused(string why)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        Interlocked.Increment(ref _failures);
        if (Interlocked.Exchange(ref _why, why) is null)
        {
            AuditMessages.CannotWrite(log, why);
        }
    }
}
