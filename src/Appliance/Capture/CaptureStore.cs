using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Capture;

/// <summary>The index of captures. Thread-safe: a connection for each call.</summary>
internal sealed class CaptureStore(Database database)
{
    private const string Columns = "id, network, length, cause, actor, started, until, ended, outcome, packets, bytes, files";

    /// <summary>The highest id ever given.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public long LastId() => database.Use(writing: true, connection =>
    {
        using Statement read = new(connection, "SELECT max((SELECT coalesce(max(id), 0) FROM capture), coalesce((SELECT value FROM high_water WHERE name = 'capture'), 0))");
        return read.Step() ? read.Int64(0) : 0;
    });

    /// <summary>Writes captures as they stand, all or nothing.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public void Save(IReadOnlyCollection<CaptureRecord> captures) => database.Use(writing: true, connection =>
    {
        Database.Run(connection, "BEGIN IMMEDIATE");
        using Statement write = new(connection, $"INSERT OR REPLACE INTO capture ({Columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        using Statement link = new(connection, "INSERT OR IGNORE INTO capture_decision (decision, capture) VALUES (?, ?)");
        using Statement mark = new(connection, "INSERT INTO high_water (name, value) VALUES ('capture', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)");
        byte[] network = new byte[16];
        foreach (CaptureRecord capture in captures)
        {
            capture.Scope.Network.WriteBytes(network);
            write.Bind(0, capture.Id).Bind(1, network).Bind(2, capture.Scope.Length).Bind(3, capture.Cause).Bind(4, capture.Actor)
                .Bind(5, capture.Started.ToUnixTimeMilliseconds()).Bind(6, capture.Until.ToUnixTimeMilliseconds());
            _ = capture.Ended is { } ended ? write.Bind(7, ended.ToUnixTimeMilliseconds()) : write.Bind(7, (string?)null);
            write.Bind(8, capture.Outcome).Bind(9, capture.Packets).Bind(10, capture.Bytes).Bind(11, capture.Files).Step();
            foreach (long decision in capture.Decisions)
            {
                link.Bind(0, decision).Bind(1, capture.Id).Step();
            }

            mark.Bind(0, capture.Id).Step();
        }

        Database.Run(connection, "COMMIT");
        return true;
    });

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CaptureRecord> List(CaptureQuery query) => database.Use(writing: false, connection =>
    {
        using Statement read = new(connection, $"""
            SELECT {Columns} FROM capture
            WHERE id < ?1 AND (?2 IS NULL OR (network = ?2 AND length = ?3))
                AND (?4 < 0 OR id IN (SELECT capture FROM capture_decision WHERE decision = ?4))
            ORDER BY id DESC LIMIT ?5
            """);
        read.Bind(0, query.Before).Bind(2, query.Address?.Length ?? 0).Bind(3, query.Decision ?? -1).Bind(4, query.Limit);
        if (query.Address is { } scope)
        {
            byte[] network = new byte[16];
            scope.Network.WriteBytes(network);
            read.Bind(1, network);
        }

        return Read(connection, read);
    });

    /// <summary>Null: there is none of this id.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public CaptureRecord? Find(long id) => database.Use(writing: false, connection =>
    {
        using Statement read = new(connection, $"SELECT {Columns} FROM capture WHERE id = ?");
        read.Bind(0, id);
        return Read(connection, read) is [var only] ? only : null;
    });

    /// <summary>Ended captures that have to go, oldest first: those that ended before a date, and as many as are beyond the limit.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<long> Superfluous(DateTimeOffset endedBefore, int kept, int most) => database.Use(writing: false, connection =>
    {
        using Statement read = new(connection, """
            SELECT id FROM capture WHERE ended IS NOT NULL
                AND (ended < ?1 OR id <= coalesce((SELECT id FROM capture ORDER BY id DESC LIMIT 1 OFFSET ?2), 0))
            ORDER BY id LIMIT ?3
            """);
        read.Bind(0, endedBefore.ToUnixTimeMilliseconds()).Bind(1, kept).Bind(2, most);
        List<long> ids = [];
        while (read.Step())
        {
            ids.Add(read.Int64(0));
        }

        return ids;
    });

    /// <summary>The oldest capture that ended; null: there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public long? OldestEnded() => database.Use(writing: false, connection =>
    {
        using Statement read = new(connection, "SELECT min(id) FROM capture WHERE ended IS NOT NULL");
        return read.Step() && !read.IsNull(0) ? read.Int64(0) : (long?)null;
    });

    /// <summary>Captures that a process left running when it ended.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CaptureRecord> Unended() => database.Use(writing: true, connection =>
    {
        using Statement read = new(connection, $"SELECT {Columns} FROM capture WHERE ended IS NULL ORDER BY id");
        return Read(connection, read);
    });

    /// <exception cref="StoreException">The disk refused.</exception>
    public void Remove(long id) => database.Use(writing: true, connection =>
    {
        Database.Run(connection, "BEGIN IMMEDIATE");
        using Statement links = new(connection, "DELETE FROM capture_decision WHERE capture = ?");
        links.Bind(0, id).Step();
        using Statement capture = new(connection, "DELETE FROM capture WHERE id = ?");
        capture.Bind(0, id).Step();
        Database.Run(connection, "COMMIT");
        return true;
    });

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
