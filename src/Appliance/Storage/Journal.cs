using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Blackwall.Storage;

/// <summary>
/// The one writer of decisions: restores the board at start, then keeps the store up to date with it in batches. Whoever acknowledges a change
/// waits for <see cref="FlushAsync"/>, and all who wait share one write to the disk. When the disk refuses, the appliance goes on deciding; the
/// board remembers what is not stored, and it is stored when the disk takes it again.
/// </summary>
internal sealed class Journal(
    VerdictBoard board,
    JournalInbox inbox,
    Database database,
    IOptions<StorageOptions> options,
    IOptions<BoardOptions> boardOptions,
    TimeProvider time,
    ILogger<Journal> log,
    IEnumerable<IStoreRider>? riders = null) : BackgroundService, IStatsSource, IHealthSource
{
    /// <summary>How long changes are collected before they are written.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryLast = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);
    private const int SliceRows = 262_144;

    // A host may be stopped by two callers at once, and the worker may outlive the time it was given: the store has one user at a time.
    private readonly Lock _writing = new();
    private readonly List<DecisionChange> _passing = [];
    private readonly List<Evidence> _witnessed = [];
    private readonly IStoreRider[] _riders = [.. riders ?? []];
    private readonly IdReservation _ids = new(board, time);
    private DecisionStore? _store;
    private bool _durable;
    private bool _unsynced;
    private volatile bool _stepped;
    private DateTimeOffset _lastPrune;
    private long _written;
    private long _batches;
    private long _failures;
    private long _failuresInARow;
    private string? _why;
    private bool _restored;

    public string Name => "journal";

    public bool Ready => Volatile.Read(ref _restored);

    public string? Fault => Volatile.Read(ref _why) is { } why
        ? $"Decisions cannot be stored ({why}); free space or make {options.Value.StateFolder} writable. Nothing is lost while the appliance runs."
        : database.SetAside;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anything listens: what was blocked yesterday is blocked before the first request.
        Restore();
        board.Clock.Stepped += OnStepped;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Waits until everything published so far is on the disk; false: the store cannot take it.</summary>
    public Task<bool> FlushAsync(CancellationToken cancellationToken) => inbox.FlushAsync(durable: true, cancellationToken);

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["written"] = Interlocked.Read(ref _written),
        ["batches"] = Interlocked.Read(ref _batches),
        ["failures"] = Interlocked.Read(ref _failures),
        ["waiting"] = inbox.Waiting,
        ["dropped"] = inbox.Dropped,
        ["condensed"] = inbox.Condensed,
    };

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        board.Clock.Stepped -= OnStepped;
        await base.StopAsync(cancellationToken);
        lock (_writing)
        {
            if (WriteAll(durable: true))
            {
                GiveBackIds();
            }

            _store?.Dispose();
            _store = null;
        }

        inbox.TakeFlush()?.Done.TrySetResult(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await inbox.WaitAsync(stoppingToken);
            TimeSpan wait = _failuresInARow == 0 ? Batch : RetryFirst * Math.Pow(2, Math.Min(_failuresInARow, 6));
            using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                await Task.WhenAny(Task.Delay(wait < RetryLast ? wait : RetryLast, time, over.Token), inbox.Urgent);
                await over.CancelAsync();
            }

            stoppingToken.ThrowIfCancellationRequested();
            JournalInbox.FlushRequest? flush = inbox.TakeFlush();
            bool stored;
            lock (_writing)
            {
                stored = WriteAll(flush?.Durable == true);
            }

            flush?.Done.TrySetResult(stored);
            if (!stored)
            {
                inbox.Wake();
            }
        }
    }

    // The anchor for the next process has the wall clock in it.
    private void OnStepped(object? sender, EventArgs step)
    {
        _stepped = true;
        inbox.Wake();
    }

    private void Restore()
    {
        long started = time.GetTimestamp();
        RestoredBoard restored = board.Store.BeginRestore();
        int skipped = 0;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                restored = board.Store.BeginRestore();
                _store = new DecisionStore(database.OpenWriter());
                long since = time.GetUtcNow().Subtract(boardOptions.Value.Memory).ToUnixTimeMilliseconds();
                skipped = _store.Restore(restored, since);
                if (_store.Clock() is { } clock)
                {
                    board.Clock.GoOn(clock);
                }

                break;
            }
            catch (SqliteException failure) when (Database.IsCorrupt(failure) && attempt == 0)
            {
                _store?.Dispose();
                _store = null;
                restored = board.Store.BeginRestore();
                database.PutAside(failure.Message, "the appliance started without its earlier decisions");
            }
            catch (SqliteException failure)
            {
                Failed(failure.Message);
                break;
            }
        }

        board.Store.Restore(restored);
        Reserve();
        skipped += restored.Surplus;
        if (skipped > 0)
        {
            StorageLog.Skipped(log, skipped);
        }

        if (restored.Count > 100_000)
        {
            // What reading left behind is as large as the board itself; an idle appliance would keep it for hours.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        Volatile.Write(ref _restored, true);
        StorageLog.Restored(log, restored.Count, database.Path, (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>Reserves the first block of ids, before any is given.</summary>
    private void Reserve()
    {
        if (database.SetAside is not null || _store is null)
        {
            // What earlier runs gave is not known any more.
            _ids.SkipToTime();
        }

        try
        {
            TryWrite(null, [], durable: true);
            _lastPrune = default;
        }
        catch (SqliteException failure)
        {
            Abandon();
            Failed(failure.Message);
        }
    }

    private void GiveBackIds()
    {
        try
        {
            (long decision, long evidence) = board.Store.LastIds;
            _store?.GiveBackIds(decision, evidence);
        }
        catch (SqliteException failure)
        {
            // A gap is no harm.
            Failed(failure.Message);
        }
    }

    /// <summary>Writes whatever waits; false: the disk refused, and it waits on.</summary>
    private bool WriteAll(bool durable)
    {
        while (true)
        {
            ClaimBatch claims = new(board, SliceRows);
            IStoreRider[] riding = [.. _riders.Where(rider => rider.Take())];
            while (_passing.Count < SliceRows && inbox.TryTake(out DecisionChange? change))
            {
                _passing.Add(change!);
            }

            while (_witnessed.Count < SliceRows && inbox.TryTake(out Evidence? evidence))
            {
                _witnessed.Add(evidence!);
            }

            _witnessed.AddRange(inbox.TakeSummaries().Select(board.Witness));
            if (claims.IsEmpty && _passing.Count == 0 && _witnessed.Count == 0 && riding.Length == 0 && !_stepped && !(durable && _unsynced))
            {
                return true;
            }

            try
            {
                if (!TryWrite(claims, riding, durable))
                {
                    claims.Return();
                    continue;
                }

                claims.Saved();
                _passing.Clear();
                _witnessed.Clear();
                _stepped = false;
                Succeeded(claims.Count);
            }
            catch (SqliteException failure)
            {
                claims.Return();
                Abandon();
                if (Database.IsCorrupt(failure))
                {
                    // The board knows everything that is in force: a fresh file is written from it.
                    database.PutAside(failure.Message, "the decisions in force were written anew, their history is in that file");
                    board.Store.ReturnUnsaved([], all: true);
                }

                Failed(failure.Message);
                foreach (IStoreRider rider in riding)
                {
                    rider.Refused(failure.Message);
                }

                return false;
            }

            foreach (IStoreRider rider in riding)
            {
                rider.Written();
            }
        }
    }

    private void Abandon()
    {
        _store?.Dispose();
        _store = null;
    }

    /// <summary>False: the claims have to be read again; nothing was written.</summary>
    private bool TryWrite(ClaimBatch? claims, IReadOnlyList<IStoreRider> riding, bool durable)
    {
        if (_store is null)
        {
            _store = new DecisionStore(database.OpenWriter());
            _durable = true;
        }

        // Background batches may wait for the next one that somebody waits for: the disk is worn by acknowledgements alone.
        if (_durable != durable)
        {
            _store.SetDurable(durable);
            _durable = durable;
        }

        _store.Begin();
        long lastDecision = 0;
        if (claims?.TryWrite(_store, out lastDecision) == false)
        {
            _store.Abort();
            return false;
        }

        long lastEvidence = 0;
        foreach (DecisionChange change in _passing)
        {
            lastDecision = Math.Max(lastDecision, change.Decision.Id);
            foreach (Evidence evidence in change.Evidence)
            {
                _store.Witness(evidence);
                lastEvidence = Math.Max(lastEvidence, evidence.Id);
            }

            if (change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired)
            {
                _store.End(change);
            }
        }

        foreach (Evidence evidence in _witnessed)
        {
            _store.Witness(evidence);
            lastEvidence = Math.Max(lastEvidence, evidence.Id);
        }

        foreach (IStoreRider rider in riding)
        {
            rider.Write(_store.Transaction);
        }

        // Written in every transaction: one that changes no page would not reach the disk.
        _store.MarkIds(lastDecision, lastEvidence);
        (long, long)? reserved = _ids.IsDue ? _ids.Write(_store) : null;
        DateTimeOffset now = time.GetUtcNow();
        long wall = now.ToUnixTimeMilliseconds();
        _store.MarkClock(board.Clock.Anchor ?? new ClockAnchor("", 0, wall, wall));
        if (now - _lastPrune >= PruneEvery)
        {
            _store.Prune(options.Value, now);
            _lastPrune = now;
        }

        _store.Commit();
        _unsynced = !durable;
        if (reserved is { } upTo)
        {
            _ids.Reserved(upTo);
        }

        return true;
    }

    private void Succeeded(int rows)
    {
        Interlocked.Add(ref _written, rows);
        Interlocked.Increment(ref _batches);
        if (_failuresInARow > 0)
        {
            StorageLog.WritesAgain(log, _failuresInARow);
            _failuresInARow = 0;
            Volatile.Write(ref _why, null);
        }
    }

    private void Failed(string why)
    {
        Interlocked.Increment(ref _failures);
        _ids.Refused();
        if (_failuresInARow++ == 0)
        {
            StorageLog.CannotWrite(log, why);
        }

        Volatile.Write(ref _why, why);
    }
}
