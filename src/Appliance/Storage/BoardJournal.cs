using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Blackwall.Storage;

/// <summary>The board's part of the store: decisions in force, what ended, evidence, and the clock that ends are counted in.</summary>
internal sealed class BoardJournal : IStoreRider, IDisposable
{
    private const int SliceRows = 262_144;
    private const long Block = 1 << 22;
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);

    private readonly VerdictBoard _board;
    private readonly JournalInbox _inbox;
    private readonly StoreQueue _queue;
    private readonly Database _database;
    private readonly StorageOptions _options;
    private readonly TimeSpan _memory;
    private readonly TimeProvider _time;
    private readonly ILogger<BoardJournal> _log;
    private readonly IdReservation[] _ids;
    private readonly List<DecisionChange> _passing = [];
    private readonly List<Evidence> _witnessed = [];
    private SqliteConnection? _connection;
    private DecisionStore? _store;
    private RestoredBoard? _restored;
    private bool _unknown;
    private ClaimBatch? _claims;
    private bool _whole;
    private volatile bool _stepped;
    private DateTimeOffset _lastPrune;
    private long _started;
    private int _skipped;

    public BoardJournal(VerdictBoard board, JournalInbox inbox, StoreQueue queue, Database database, IOptions<StorageOptions> options, IOptions<BoardOptions> boardOptions, TimeProvider time, ILogger<BoardJournal> log)
    {
        (_board, _inbox, _queue, _database, _options, _memory, _time, _log) = (board, inbox, queue, database, options.Value, boardOptions.Value.Memory, time, log);
        _ids =
        [
            new IdReservation("decision", () => board.Store.LastIds.Decision, next => board.Store.SkipIds(next, 0), time, Block),
            new IdReservation("evidence", () => board.Store.LastIds.Evidence, next => board.Store.SkipIds(0, next), time, Block),
        ];
    }

    public void Restore(StoreTransaction? store, bool isNew)
    {
        _started = _time.GetTimestamp();
        _restored = _board.Store.BeginRestore();
        _skipped = 0;
        if (store is { } from)
        {
            DecisionStore decisions = Open(from);
            _skipped = decisions.Restore(_restored, _time.GetUtcNow().Subtract(_memory).ToUnixTimeMilliseconds());
            if (decisions.Clock() is { } clock)
            {
                _board.Clock.GoOn(clock);
            }
        }

        _unknown = isNew;
    }

    public void Restored()
    {
        RestoredBoard restored = _restored!;
        _restored = null;
        _board.Store.Restore(restored);
        if (_unknown)
        {
            // Ids that earlier runs gave out are not known any more.
            Array.ForEach(_ids, id => id.SkipToTime());
        }

        _board.Clock.Stepped += OnStepped;
        if (_skipped + restored.Surplus is > 0 and int skipped)
        {
            StorageLog.Skipped(_log, skipped);
        }

        if (restored.Count > 100_000)
        {
            // Reading leaves garbage as large as the board itself, which an idle appliance would keep for hours.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        StorageLog.Restored(_log, restored.Count, _database.Path, (long)_time.GetElapsedTime(_started).TotalMilliseconds);
    }

    public bool TakeBatch()
    {
        if (_claims is null or { IsEmpty: true })
        {
            _claims = new ClaimBatch(_board, SliceRows);
        }

        while (_passing.Count < SliceRows && _inbox.TryTake(out DecisionChange? change))
        {
            _passing.Add(change!);
        }

        while (_witnessed.Count < SliceRows && _inbox.TryTake(out Evidence? evidence))
        {
            _witnessed.Add(evidence!);
        }

        _witnessed.AddRange(_inbox.TakeSummaries().Select(_board.Witness));
        return !_claims.IsEmpty || _passing.Count > 0 || _witnessed.Count > 0 || _stepped;
    }

    public void Write(StoreTransaction transaction)
    {
        DecisionStore store = Open(transaction);
        _whole = _claims!.TryWrite(store, out _);
        foreach (DecisionChange change in _passing)
        {
            foreach (Evidence evidence in change.Evidence)
            {
                store.Witness(evidence);
            }

            if (change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired)
            {
                store.End(change);
            }
        }

        foreach (Evidence evidence in _witnessed)
        {
            store.Witness(evidence);
        }

        DateTimeOffset now = _time.GetUtcNow();
        if (now - _lastPrune >= PruneEvery)
        {
            store.Prune(_options, now);
            _lastPrune = now;
        }
    }

    public void Seal(StoreTransaction transaction)
    {
        DecisionStore store = Open(transaction);
        Array.ForEach(_ids, id => id.Seal(transaction));
        long wall = _time.GetUtcNow().ToUnixTimeMilliseconds();
        store.MarkClock(_board.Clock.Anchor ?? new ClockAnchor("", 0, wall, wall));
    }

    /// <summary>Claims that belong together changed while they were written: they are given back and taken again.</summary>
    public bool IsWhole()
    {
        if (!_whole)
        {
            // A rollback also removes the words (reasons, actors) that the transaction inserted, so the cached word ids are dropped.
            Abandon();
            _claims?.Return();
            _claims = null;
        }

        return _whole;
    }

    public void Written()
    {
        Array.ForEach(_ids, id => id.Written());
        if (_claims is { } claims)
        {
            claims.Saved();
            _inbox.CountWritten(claims.Count);
            _claims = null;
        }

        _passing.Clear();
        _witnessed.Clear();
        _stepped = false;
    }

    public void Refused(string why)
    {
        // The connection is closed, and its prepared statements with it.
        Abandon();
        _claims?.Return();
        _claims = null;
        Array.ForEach(_ids, id => id.Refused());
    }

    public void Renew() => _board.Store.ReturnUnsaved([], all: true);

    public void Close(StoreTransaction transaction)
    {
        _board.Clock.Stepped -= OnStepped;
        Array.ForEach(_ids, id => id.GiveBack(transaction));
        Abandon();
    }

    public void Dispose()
    {
        _board.Clock.Stepped -= OnStepped;
        Abandon();
    }

    /// <summary>The statements of the journal's connection, which is another one after a failure.</summary>
    private DecisionStore Open(StoreTransaction transaction)
    {
        if (_store is null || !ReferenceEquals(_connection, transaction.Connection))
        {
            Abandon();
            _store = new DecisionStore(transaction.Connection);
            _connection = transaction.Connection;
        }

        return _store;
    }

    private void Abandon()
    {
        _store?.Dispose();
        (_store, _connection) = (null, null);
    }

    // The anchor for the next process has the wall clock in it.
    private void OnStepped(object? sender, EventArgs step)
    {
        _stepped = true;
        _queue.Wake();
    }
}
