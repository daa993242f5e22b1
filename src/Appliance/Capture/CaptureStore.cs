using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Capture;

/// <summary>
/// The index of captures. Changes are noted in memory and written by the one writer with whatever else waits; readers see them at once. What the disk
/// refuses waits and is tried again. Thread-safe; nothing but reading waits for the disk.
/// </summary>
internal sealed class CaptureStore(Database database, StoreQueue queue) : IStoreRider
{
    private const string Columns = "id, network, length, cause, actor, started, until, ended, outcome, packets, bytes, files";

    private readonly Lock _lock = new();

    // By id; null: it is removed.
    private readonly Dictionary<long, CaptureRecord?> _noted = [];
    private Dictionary<long, CaptureRecord?> _batch = [];
    private string? _fault;
    private long _failures;

    /// <summary>Why the disk does not take the index; null: it does.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Writes that the disk refused.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Captures that ended, oldest first, those that a process left running when it ended, and the highest id ever given.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public (IReadOnlyList<CaptureRecord> Ended, IReadOnlyList<CaptureRecord> Unended, long LastId) ReadAll()
    {
        (List<CaptureRecord> all, long last) = database.Read(connection =>
        {
            using Statement read = new(connection, $"SELECT {Columns} FROM capture ORDER BY id");
            List<CaptureRecord> captures = Read(connection, read);
            using Statement mark = new(connection, "SELECT coalesce((SELECT value FROM high_water WHERE name = 'capture'), 0)");
            return (captures, mark.Step() ? mark.Int64(0) : 0);
        });
        all = Overlay(all, _ => true);
        return ([.. all.Where(capture => capture.Ended is not null)], [.. all.Where(capture => capture.Ended is null)], Math.Max(last, all.Select(capture => capture.Id).DefaultIfEmpty().Max()));
    }

    /// <summary>Notes how captures stand.</summary>
    public void Save(IEnumerable<CaptureRecord> captures)
    {
        lock (_lock)
        {
            foreach (CaptureRecord capture in captures)
            {
                _noted[capture.Id] = capture;
            }
        }

        queue.Wake();
    }

    /// <summary>Notes that a capture is gone.</summary>
    public void Remove(long id)
    {
        lock (_lock)
        {
            _noted[id] = null;
        }

        queue.Wake();
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CaptureRecord> List(CaptureQuery query)
    {
        // Captures marked as removed are not counted towards the page.
        List<CaptureRecord> rows = database.Read(connection =>
        {
            using Statement read = new(connection, $"""
                SELECT {Columns} FROM capture
                WHERE id < ?1 AND (?2 IS NULL OR (network = ?2 AND length = ?3))
                    AND (?4 < 0 OR id IN (SELECT capture FROM capture_decision WHERE decision = ?4))
                ORDER BY id DESC LIMIT ?5
                """);
            read.Bind(0, query.Before).Bind(2, query.Address?.Length ?? 0).Bind(3, query.Decision ?? -1).Bind(4, query.Limit + Removed());
            if (query.Address is { } scope)
            {
                byte[] network = new byte[16];
                scope.Network.WriteBytes(network);
                read.Bind(1, network);
            }

            return Read(connection, read);
        });
        return [.. Overlay(rows, capture => capture.Id < query.Before && (query.Address is not { } scope || capture.Scope == scope) && (query.Decision is not { } decision || capture.Decisions.Contains(decision)))
            .OrderByDescending(capture => capture.Id).Take(query.Limit)];
    }

    /// <summary>Null: there is none of this id.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public CaptureRecord? Find(long id)
    {
        lock (_lock)
        {
            if (_noted.TryGetValue(id, out CaptureRecord? noted) || _batch.TryGetValue(id, out noted))
            {
                return noted;
            }
        }

        return database.Read(connection =>
        {
            using Statement read = new(connection, $"SELECT {Columns} FROM capture WHERE id = ?");
            read.Bind(0, id);
            return Read(connection, read) is [var only] ? only : null;
        });
    }

    bool IStoreRider.TakeBatch()
    {
        lock (_lock)
        {
            foreach ((long id, CaptureRecord? capture) in _noted)
            {
                _batch[id] = capture;
            }

            _noted.Clear();
            return _batch.Count > 0;
        }
    }

    void IStoreRider.Write(StoreTransaction transaction)
    {
        SqliteConnection connection = transaction.Connection;
        using Statement write = new(connection, $"INSERT OR REPLACE INTO capture ({Columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        using Statement link = new(connection, "INSERT OR IGNORE INTO capture_decision (decision, capture) VALUES (?, ?)");
        using Statement mark = new(connection, "INSERT INTO high_water (name, value) VALUES ('capture', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)");
        using Statement unlink = new(connection, "DELETE FROM capture_decision WHERE capture = ?");
        using Statement remove = new(connection, "DELETE FROM capture WHERE id = ?");
        byte[] network = new byte[16];
        foreach ((long id, CaptureRecord? noted) in _batch)
        {
            mark.Bind(0, id).Step();
            if (noted is not { } capture)
            {
                unlink.Bind(0, id).Step();
                remove.Bind(0, id).Step();
                continue;
            }

            capture.Scope.Network.WriteBytes(network);
            write.Bind(0, capture.Id).Bind(1, network).Bind(2, capture.Scope.Length).Bind(3, capture.Cause).Bind(4, capture.Actor)
                .Bind(5, capture.Started.ToUnixTimeMilliseconds()).Bind(6, capture.Until.ToUnixTimeMilliseconds());
            _ = capture.Ended is { } ended ? write.Bind(7, ended.ToUnixTimeMilliseconds()) : write.Bind(7, (string?)null);
            write.Bind(8, capture.Outcome).Bind(9, capture.Packets).Bind(10, capture.Bytes).Bind(11, capture.Files).Step();
            foreach (long decision in capture.Decisions)
            {
                link.Bind(0, decision).Bind(1, capture.Id).Step();
            }
        }
    }

    void IStoreRider.Written()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            // A copy: a reader may still hold the one that it got.
            _batch = [];
        }

        Volatile.Write(ref _fault, null);
    }

    void IStoreRider.Refused(string why)
    {
        if (_batch.Count > 0)
        {
            Interlocked.Increment(ref _failures);
            Volatile.Write(ref _fault, why);
        }
    }

    private int Removed()
    {
        lock (_lock)
        {
            return _noted.Count + _batch.Count;
        }
    }

    /// <summary>Rows of the store, updated by the changes that are not written yet.</summary>
    private List<CaptureRecord> Overlay(IEnumerable<CaptureRecord> rows, Func<CaptureRecord, bool> fits)
    {
        SortedDictionary<long, CaptureRecord> shown = new(rows.ToDictionary(row => row.Id));
        lock (_lock)
        {
            foreach ((long id, CaptureRecord? noted) in _batch.Where(pair => !_noted.ContainsKey(pair.Key)).Concat(_noted))
            {
                if (noted is { } capture && fits(capture))
                {
                    shown[id] = capture;
                }
                else
                {
                    shown.Remove(id);
                }
            }
        }

        return [.. shown.Values];
    }

    private static List<CaptureRecord> Read(SqliteConnection connection, Statement read)
    {
        List<CaptureRecord> captures = [];
        while (read.Step())
        {
            captures.Add(new CaptureRecord(
                read.Int64(0),
                new Prefix(Address.FromBytes(read.Blob(1)), (byte)read.Int64(2)),
                read.Text(3),
                read.Text(4),
                Time(read, 5)!.Value,
                Time(read, 6)!.Value,
                Time(read, 7),
                read.IsNull(8) ? null : read.Text(8),
                read.Int64(9),
                read.Int64(10),
                (int)read.Int64(11),
                []));
        }

        using Statement decisions = new(connection, "SELECT decision FROM capture_decision WHERE capture = ? ORDER BY decision");
        return [.. captures.Select(capture => capture with { Decisions = Ids(decisions.Bind(0, capture.Id)) })];
    }

    private static List<long> Ids(Statement read)
    {
        List<long> ids = [];
        while (read.Step())
        {
            ids.Add(read.Int64(0));
        }

        return ids;
    }

    private static DateTimeOffset? Time(Statement read, int column) =>
        read.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(column));
}
