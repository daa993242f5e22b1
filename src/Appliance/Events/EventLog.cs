using System.Globalization;
using System.Threading.Channels;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Events;

/// <summary>
/// The one log of what happens: every event of every feature, numbered, kept in the store within bounds whether or not anybody reads. Telling an
/// event costs a lock for a moment and waits for nobody; readers come with a place and are told what the log does not have any more. Of what anybody
/// can forge only a share is kept, with bounds of its own. Thread-safe.
/// </summary>
internal sealed class EventLog : IStoreRider, IStatsSource
{
    /// <summary>Events in memory, for readers that follow closely; the others read from the store.</summary>
    public const int RecentSize = 4096;

    /// <summary>Events that wait for the store; what comes beyond is not stored, and is counted.</summary>
    public const int UnstoredSize = 65_536;

    private const string Counter = "event";
    private const int BatchSize = 4096;
    private const long Block = 1 << 20;
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly StoreQueue _queue;
    private readonly EventStore _store;
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ForgeableShare _forgeable;
    private readonly IdReservation _numbers;
    private readonly RecentEvents _recent = new(RecentSize);
    private readonly Channel<ApplianceEvent> _unstored = Channel.CreateBounded<ApplianceEvent>(new BoundedChannelOptions(UnstoredSize) { SingleReader = true });
    private readonly List<ApplianceEvent> _batch = [];
    private TaskCompletionSource? _more;
    private (long After, long UpTo)? _uncertain;
    private string? _id;
    private long _last;
    private long _told;
    private int _batched;
    private long _written;
    private long _unkept;
    private long _failures;
    private long _sincePrune;
    private long _pruned;

    public EventLog(StoreQueue queue, EventStore store, IOptions<StorageOptions> options, TimeProvider time)
    {
        (_queue, _store, _options, _time) = (queue, store, options.Value, time);
        _forgeable = new ForgeableShare(time);
        _numbers = new IdReservation(Counter, () => Last, Skip, time, Block);
        _pruned = time.GetTimestamp() - (long)(PruneEvery.TotalSeconds * time.TimestampFrequency);
    }

    public string Name => "history";

    /// <summary>The sequence that was given last; 0: none yet.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Tells this log from that of another database.</summary>
    public string Id => Volatile.Read(ref _id) ?? "";

    /// <summary>Tells an event.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="subject">What it is about: of the type that the kind describes, and not changed any more.</param>
    /// <param name="forgeableGroup">It rests on what anybody can forge: of each such group only a share is told; null: it does not.</param>
    public void Add(EventType type, object subject, string? forgeableGroup = null)
    {
        if (forgeableGroup is not null && !_forgeable.TryTake(forgeableGroup))
        {
            return;
        }

        TaskCompletionSource? more;
        lock (_lock)
        {
            ApplianceEvent added = new(++_last, _time.GetUtcNow(), type, subject, forgeableGroup is not null);
            _told++;
            if (!_unstored.Writer.TryWrite(added))
            {
                _unkept++;
            }

            _recent.Add(added);
            more = _more;
            _more = null;
        }

        more?.TrySetResult();
        _queue.Wake();
    }

    /// <summary>What was only counted of forgeable groups since the last call.</summary>
    public IReadOnlyList<Evidence> TakeSummaries() => _forgeable.TakeSummaries();

    /// <summary>How clients know an event: "LOG-SEQUENCE".</summary>
    public string IdOf(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{Id}-{sequence}");

    /// <summary>The sequence of an event that a client knows; null: it is none of this log.</summary>
    public long? SequenceOf(string id)
    {
        int dash = id.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && id.AsSpan(0, dash).SequenceEqual(Id) && long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) && sequence <= Last
            ? sequence
            : null;
    }

    /// <summary>Completes when there is an event after this sequence.</summary>
    public Task WaitAsync(long after, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_last > after)
            {
                return Task.CompletedTask;
            }

            _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _more.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>The events after a sequence, in order, and how many of them the log does not have any more.</summary>
    /// <param name="after">Where the reader is; 0: at the beginning.</param>
    /// <param name="most">Events at most.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    /// <exception cref="StoreException">Older events are asked for and the store cannot be read.</exception>
    public async Task<EventPage> ReadAsync(long after, int most, CancellationToken cancellation)
    {
        if (Recent(after, most) is { } recent)
        {
            return recent;
        }

        // What left the memory a moment ago may still wait for the store.
        await _queue.FlushAsync(durable: false, cancellation);
        if (Recent(after, most) is { } meanwhile)
        {
            return meanwhile;
        }

        long upTo;
        lock (_lock)
        {
            upTo = _recent.Forgotten;
        }

        IReadOnlyList<ApplianceEvent> rows = _store.After(after, upTo, most, out IReadOnlyList<(long After, long UpTo)> uncertain);
        long next = rows.Count == most ? rows[^1].Sequence : upTo;
        long never = uncertain.Sum(span => Math.Max(0, Math.Min(next, span.UpTo) - Math.Max(after, span.After)));
        return new EventPage(rows, next, Math.Max(0, next - after - rows.Count - never), never > 0);
    }

    /// <summary>Events that this process told, and forgeable ones that it only added up.</summary>
    public (long Told, long Condensed) Counts
    {
        get
        {
            lock (_lock)
            {
                return (_told, _forgeable.Condensed);
            }
        }
    }

    /// <summary>What is in memory after a sequence; what is not counts as missed. For whoever cannot wait for a store that cannot be read.</summary>
    public EventPage Nearest(long after, int most)
    {
        lock (_lock)
        {
            long from = Math.Max(after, _recent.Forgotten);
            IReadOnlyList<ApplianceEvent> events = _recent.After(from, most)!;
            return new EventPage(events, events.Count > 0 ? events[^1].Sequence : Math.Max(from, _last), from - after, from > after);
        }
    }

    /// <summary>What became of them in the store.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["written"] = Interlocked.Read(ref _written),
                ["waiting"] = _unstored.Reader.Count + Volatile.Read(ref _batched),
                ["dropped"] = _unkept,
                ["failures"] = Interlocked.Read(ref _failures),
            };
        }
    }

    void IStoreRider.Restore(StoreTransaction? store, bool isNew)
    {
        _uncertain = null;
        if (store is not { } from)
        {
            Volatile.Write(ref _id, _time.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture));
            _numbers.SkipToTime();
            return;
        }

        Volatile.Write(ref _id, EventStore.Identify(from, _time.GetUtcNow()));
        long last = EventStore.Last(from);
        long reserved = IdReservation.Read(from, Counter);
        if (reserved > last)
        {
            _uncertain = (last, reserved);
        }

        Skip(Math.Max(last, reserved) + 1);
    }

    bool IStoreRider.TakeBatch()
    {
        while (_batch.Count < BatchSize && _unstored.Reader.TryRead(out ApplianceEvent? next))
        {
            _batch.Add(next);
        }

        Volatile.Write(ref _batched, _batch.Count);
        return _batch.Count > 0;
    }

    void IStoreRider.Write(StoreTransaction transaction)
    {
        EventStore.Add(transaction, _batch);
        _sincePrune += _batch.Count;
    }

    void IStoreRider.Seal(StoreTransaction transaction)
    {
        _numbers.Seal(transaction);
        if (_uncertain is { } span)
        {
            EventStore.AddUncertain(transaction, span.After, span.UpTo);
        }

        if (_sincePrune > Math.Max(64, _options.EventRows / 64) || _time.GetElapsedTime(_pruned) >= PruneEvery)
        {
            EventStore.Prune(transaction, _time.GetUtcNow().AddDays(-_options.RetentionDays).ToUnixTimeMilliseconds(), _options.EventRows);
            _sincePrune = 0;
            _pruned = _time.GetTimestamp();
        }
    }

    void IStoreRider.Written()
    {
        _numbers.Written();
        _uncertain = null;
        Interlocked.Add(ref _written, _batch.Count);
        _batch.Clear();
        Volatile.Write(ref _batched, 0);
    }

    void IStoreRider.Refused(string why)
    {
        if (_batch.Count > 0)
        {
            Interlocked.Increment(ref _failures);
        }

        _pruned = _time.GetTimestamp() - (long)(PruneEvery.TotalSeconds * _time.TimestampFrequency);
        _numbers.Refused();
    }

    void IStoreRider.Close(StoreTransaction transaction) => _numbers.GiveBack(transaction);

    // Numbers that are skipped were never given, and nobody misses them.
    private void Skip(long next)
    {
        lock (_lock)
        {
            if (next > _last + 1)
            {
                _last = next - 1;
                _recent.Skip(_last);
            }
        }
    }

    private EventPage? Recent(long after, int most)
    {
        lock (_lock)
        {
            return _recent.After(after, most) is { } events ? new EventPage(events, events.Count > 0 ? events[^1].Sequence : Math.Max(after, _last), 0, false) : null;
        }
    }
}
