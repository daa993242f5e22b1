using Blackwall.Pipeline;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Blackwall.Storage;

/// <summary>
/// The one writer of decisions: restores the board at start, then keeps the store up to date with it in batches. When the disk refuses,
/// the appliance goes on deciding; the board remembers what is not stored, and it is stored when the disk takes it again.
/// </summary>
public sealed class Journal(
    VerdictBoard board,
    JournalInbox inbox,
    Database database,
    IOptions<StorageOptions> options,
    IOptions<BoardOptions> boardOptions,
    TimeProvider time,
    ILogger<Journal> log) : BackgroundService, IStatsSource, IHealthSource
{
    /// <summary>How long changes are collected before they are written.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryLast = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);
    private const int SliceRows = 262_144;

    private readonly Lock _lock = new();

    // A host may be stopped by two callers at once, and the worker may outlive the time it was given: the store has one user at a time.
    private readonly Lock _writing = new();
    private readonly List<DecisionChange> _passing = [];
    private readonly List<Evidence> _witnessed = [];
    private TaskCompletionSource<bool>? _flush;
    private TaskCompletionSource _urgent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DecisionStore? _store;
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
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Waits until everything published so far is stored; false: the store cannot take it.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        Task<bool> flushed;
        lock (_lock)
        {
            _flush ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            flushed = _flush.Task;
            _urgent.TrySetResult();
        }

        inbox.Wake();
        return await flushed.WaitAsync(cancellationToken);
    }

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["written"] = Interlocked.Read(ref _written),
        ["batches"] = Interlocked.Read(ref _batches),
        ["failures"] = Interlocked.Read(ref _failures),
        ["waiting"] = inbox.Waiting,
        ["dropped"] = inbox.Dropped,
    };

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        lock (_writing)
        {
            WriteAll();
            _store?.Dispose();
            _store = null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await inbox.WaitAsync(stoppingToken);
            TimeSpan wait = _failuresInARow == 0 ? Batch : RetryFirst * Math.Pow(2, Math.Min(_failuresInARow, 6));
            Task urgent;
            lock (_lock)
            {
                urgent = _urgent.Task;
            }

            using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                await Task.WhenAny(Task.Delay(wait < RetryLast ? wait : RetryLast, time, over.Token), urgent);
                await over.CancelAsync();
            }

            stoppingToken.ThrowIfCancellationRequested();
            TaskCompletionSource<bool>? flush;
            lock (_lock)
            {
                (flush, _flush) = (_flush, null);
                _urgent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            bool stored;
            lock (_writing)
            {
                stored = WriteAll();
            }

            flush?.TrySetResult(stored);
            if (!stored)
            {
                inbox.Wake();
            }
        }
    }

    private void Restore()
    {
        long started = time.GetTimestamp();
        RestoredBoard restored = board.BeginRestore();
        int skipped = 0;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                restored = board.BeginRestore();
                _store = new DecisionStore(database.OpenWriter());
                long since = time.GetUtcNow().Subtract(boardOptions.Value.Memory).ToUnixTimeMilliseconds();
                skipped = _store.Restore(restored, since);
                break;
            }
            catch (SqliteException failure) when (Database.IsCorrupt(failure) && attempt == 0)
            {
                _store?.Dispose();
                _store = null;
                restored = board.BeginRestore();
                database.PutAside(failure.Message, "the appliance started without its earlier decisions");
            }
            catch (SqliteException failure)
            {
                Failed(failure.Message);
                break;
            }
        }

        board.Restore(restored);
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

    /// <summary>Writes whatever waits; false: the disk refused, and it waits on.</summary>
    private bool WriteAll()
    {
        while (true)
        {
            List<DecisionKey> keys = [];
            board.DrainUnsaved(keys, SliceRows, out bool all);
            while (_passing.Count < SliceRows && inbox.TryTake(out DecisionChange? change))
            {
                _passing.Add(change!);
            }

            while (_witnessed.Count < SliceRows && inbox.TryTake(out Evidence? evidence))
            {
                _witnessed.Add(evidence!);
            }

            if (keys.Count == 0 && _passing.Count == 0 && _witnessed.Count == 0 && !all)
            {
                return true;
            }

            // The table lies in this order: sorted, a batch touches each page once.
            keys.Sort();
            try
            {
                Write(keys, all);
                _passing.Clear();
                _witnessed.Clear();
                Succeeded(keys.Count);
            }
            catch (SqliteException failure)
            {
                board.ReturnUnsaved(keys, all);
                _store?.Dispose();
                _store = null;
                if (Database.IsCorrupt(failure))
                {
                    // The board knows everything that is in force: a fresh file is written from it.
                    database.PutAside(failure.Message, "the decisions in force were written anew, their history is in that file");
                    board.ReturnUnsaved([], all: true);
                }

                Failed(failure.Message);
                return false;
            }
        }
    }

    private void Write(List<DecisionKey> keys, bool all)
    {
        _store ??= new DecisionStore(database.OpenWriter());
        _store.Begin();
        if (all)
        {
            _store.Clear();
        }

        long lastDecision = 0;
        long lastEvidence = 0;
        foreach (DecisionKey key in keys)
        {
            if (board.TrySave(key, out SavedDecision saved))
            {
                _store.Save(saved);
                lastDecision = Math.Max(lastDecision, saved.Id);
            }
            else
            {
                _store.Remove(key);
            }
        }

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

        _store.MarkIds(lastDecision, lastEvidence);
        DateTimeOffset now = time.GetUtcNow();
        if (now - _lastPrune >= PruneEvery)
        {
            _store.Prune(options.Value, now);
            _lastPrune = now;
        }

        _store.Commit();
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
        if (_failuresInARow++ == 0)
        {
            StorageLog.CannotWrite(log, why);
        }

        Volatile.Write(ref _why, why);
    }
}
