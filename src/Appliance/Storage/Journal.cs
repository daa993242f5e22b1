using System.Diagnostics.Metrics;
using Blackwall.Pipeline.Ports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Blackwall.Storage;

/// <summary>
/// The one writer of the store: everything that the appliance keeps in it is written by this, on one connection, in batches. Whoever acknowledges a
/// change waits for <see cref="StoreQueue.FlushAsync"/> or for a job, and all who wait share one commit. When the disk refuses, the appliance goes on;
/// its parts remember what is not stored, and it is stored when the disk takes it again.
/// </summary>
internal sealed class Journal(
    StoreQueue queue,
    JournalInbox inbox,
    IEnumerable<IStoreRider> riders,
    Database database,
    Meter meter,
    IOptions<StorageOptions> options,
    TimeProvider time,
    ILogger<Journal> log) : BackgroundService, IStatsSource, IHealthSource
{
    /// <summary>How long changes are collected before they are written.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryLast = TimeSpan.FromSeconds(10);

    // A host may be stopped by two callers at once, and the worker may outlive the time it was given: the store has one user at a time.
    private readonly Lock _writing = new();
    private readonly IStoreRider[] _riders = [.. riders];
    private readonly Histogram<double> _commits = StorageMetrics.Commits(meter);
    private SqliteConnection? _connection;
    private bool _durable;
    private bool _unsynced;
    private long _batches;
    private long _jobs;
    private long _failures;
    private long _failuresInARow;
    private string? _why;
    private bool _restored;
    private bool _stopped;

    public string Name => "journal";

    public bool Ready => Volatile.Read(ref _restored);

    public string? Fault => Volatile.Read(ref _why) is { } why
        ? $"Decisions cannot be stored ({why}); free space or make {options.Value.StateFolder} writable. Nothing is lost while the appliance runs."
        : database.SetAside;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anything listens: what was blocked yesterday is blocked before the first request.
        lock (_writing)
        {
            Restore();
        }

        return base.StartAsync(cancellationToken);
    }

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["written"] = inbox.Written,
        ["batches"] = Interlocked.Read(ref _batches),
        ["jobs"] = Interlocked.Read(ref _jobs),
        ["failures"] = Interlocked.Read(ref _failures),
        ["waiting"] = inbox.Waiting,
        ["jobsWaiting"] = queue.Waiting,
        ["dropped"] = inbox.Dropped,
        ["condensed"] = inbox.Condensed,
    };

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        lock (_writing)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            (StoreQueue.FlushRequest? flush, List<StoreJob> jobs) = queue.Take();
            bool stored = WriteAll(jobs, durable: true);
            flush?.Done.TrySetResult(stored);
            if (stored)
            {
                GiveBack();
            }

            Abandon();
        }

        queue.Close();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await queue.WaitAsync(stoppingToken);
            TimeSpan wait = _failuresInARow == 0 ? Batch : RetryFirst * Math.Pow(2, Math.Min(_failuresInARow, 6));
            using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                await Task.WhenAny(Task.Delay(wait < RetryLast ? wait : RetryLast, time, over.Token), queue.Urgent);
                await over.CancelAsync();
            }

            stoppingToken.ThrowIfCancellationRequested();
            bool stored;
            lock (_writing)
            {
                (StoreQueue.FlushRequest? flush, List<StoreJob> jobs) = queue.Take();
                stored = WriteAll(jobs, flush?.Durable == true);
                flush?.Done.TrySetResult(stored);
            }

            if (!stored)
            {
                queue.Wake();
            }
        }
    }

    private void Restore()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                _connection ??= database.OpenWriter();
                _durable = true;
                RestoreAll(new StoreTransaction(_connection));
                break;
            }
            catch (SqliteException failure) when (Database.IsCorrupt(failure) && attempt == 0)
            {
                Abandon();
                database.PutAside(failure.Message, "the appliance started without its earlier decisions");
            }
            catch (SqliteException failure)
            {
                Abandon();
                RestoreAll(null);
                Failed(failure.Message);
                break;
            }
        }

        foreach (IStoreRider rider in _riders)
        {
            rider.Restored();
        }

        // The first blocks of numbers are reserved before any is given.
        WriteOnce([], [], durable: true);
        Volatile.Write(ref _restored, true);
    }

    private void RestoreAll(StoreTransaction? store)
    {
        foreach (IStoreRider rider in _riders)
        {
            rider.Restore(store, store is null || database.SetAside is not null);
        }
    }

    private void GiveBack()
    {
        if (_connection is null)
        {
            return;
        }

        try
        {
            foreach (IStoreRider rider in _riders)
            {
                rider.Close(new StoreTransaction(_connection));
            }
        }
        catch (SqliteException failure)
        {
            // A gap in the numbers does no harm.
            Failed(failure.Message);
        }
    }

    /// <summary>Writes whatever waits; false: the disk refused and the batches wait for the next attempt. Jobs do not wait: their callers get the error.</summary>
    private bool WriteAll(List<StoreJob> jobs, bool durable)
    {
        durable |= jobs.Count > 0;
        while (true)
        {
            IStoreRider[] riding = [.. _riders.Where(rider => rider.TakeBatch())];
            if (riding.Length == 0 && jobs.Count == 0 && !(durable && _unsynced))
            {
                return true;
            }

            switch (WriteOnce(riding, jobs, durable))
            {
                case Outcome.Refused:
                    return false;
                case Outcome.Written:
                    jobs = [];
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>One transaction.</summary>
    private Outcome WriteOnce(IReadOnlyList<IStoreRider> riding, List<StoreJob> jobs, bool durable)
    {
        long started = time.GetTimestamp();
        try
        {
            if (!TryWrite(riding, jobs, durable))
            {
                return Outcome.Again;
            }
        }
        catch (SqliteException failure)
        {
            Refuse(failure, jobs);
            return Outcome.Refused;
        }

        _commits.Record(time.GetElapsedTime(started).TotalSeconds);
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _jobs, jobs.Count);
        foreach (IStoreRider rider in _riders)
        {
            rider.Written();
        }

        jobs.ForEach(job => job.Written());
        if (_failuresInARow > 0)
        {
            StorageLog.WritesAgain(log, _failuresInARow);
            _failuresInARow = 0;
            Volatile.Write(ref _why, null);
        }

        return Outcome.Written;
    }

    private bool TryWrite(IReadOnlyList<IStoreRider> riding, List<StoreJob> jobs, bool durable)
    {
        if (_connection is null)
        {
            _connection = database.OpenWriter();
            _durable = true;
        }

        // Background batches may wait for the next commit that somebody waits for, so only acknowledged changes cost a disk flush.
        if (_durable != durable)
        {
            Database.Run(_connection, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _durable = durable;
        }

        StoreTransaction transaction = new(_connection);
        Database.Run(_connection, "BEGIN IMMEDIATE");
        foreach (IStoreRider rider in riding)
        {
            rider.Write(transaction);
        }

        if (riding.Any(rider => !rider.IsWhole()))
        {
            Database.Run(_connection, "ROLLBACK");
            return false;
        }

        jobs.ForEach(job => job.Run(transaction));

        // Every transaction changes a row: a commit that changes no page does not flush earlier ones to the disk.
        foreach (IStoreRider rider in _riders)
        {
            rider.Seal(transaction);
        }

        Database.Run(_connection, "COMMIT");
        _unsynced = !durable;
        return true;
    }

    private void Refuse(SqliteException failure, List<StoreJob> jobs)
    {
        foreach (IStoreRider rider in _riders)
        {
            rider.Refused(failure.Message);
        }

        Abandon();
        if (Database.IsCorrupt(failure))
        {
            // The board in memory is complete: a fresh file is written from it.
            database.PutAside(failure.Message, "the decisions in force were written anew, their history is in that file");
            foreach (IStoreRider rider in _riders)
            {
                rider.Renew();
            }
        }

        StoreException why = new(failure.Message, failure);
        jobs.ForEach(job => job.Refused(why));
        Failed(failure.Message);
    }

    private void Abandon()
    {
        _connection?.Dispose();
        _connection = null;
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

    /// <summary>What came of a transaction.</summary>
    private enum Outcome
    {
        Written,
        Refused,

        /// <summary>Rolled back, because claims that belong together changed meanwhile.</summary>
        Again,
    }
}
