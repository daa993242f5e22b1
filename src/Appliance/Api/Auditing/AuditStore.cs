using System.Security.Cryptography;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Api.Auditing;

/// <summary>Adds to the chain, reads it and forgets its oldest end. One writer; readers have connections of their own.</summary>
public sealed class AuditStore(Database database)
{
    private const string Columns = "seq, time, actor, key, remote, action, subject, status, detail, before, after, trace, hash";
    private static readonly byte[] Nothing = new byte[SHA256.HashSizeInBytes];

    /// <summary>Adds to the open transaction, and forgets rows that are too old (ms since 1970) or too many.</summary>
    internal static void Append(StoreTransaction transaction, IReadOnlyList<AuditEntry> entries, long oldest, int maxRows)
    {
        SqliteConnection connection = transaction.Connection;
        (long sequence, byte[] hash) = Head(connection);
        using (Statement add = new(connection, $"INSERT INTO audit ({Columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"))
        {
            foreach (AuditEntry entry in entries)
            {
                hash = entry.HashAfter(hash, ++sequence);
                add.Bind(0, sequence).Bind(1, entry.Time.ToUnixTimeMilliseconds()).Bind(2, entry.Actor).Bind(3, entry.Key).Bind(4, entry.Remote)
                    .Bind(5, entry.Action).Bind(6, entry.Subject).Bind(7, entry.Status).Bind(8, entry.Detail).Bind(9, entry.Before)
                    .Bind(10, entry.After).Bind(11, entry.Trace).Bind(12, hash).Step();
            }
        }

        Forget(connection, oldest, sequence - maxRows);
    }

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<AuditRow> List(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return database.Read(connection => List(connection, query));
    }

    private static List<AuditRow> List(SqliteConnection connection, AuditQuery query)
    {
        using Statement read = new(connection, $"""
            SELECT {Columns} FROM audit
            WHERE seq < ?1 AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR action = ?3) AND (?4 < 0 OR (status >= 400) = ?4) AND time >= ?5
            ORDER BY seq DESC LIMIT ?6
            """);
        read.Bind(0, query.Before).Bind(1, query.Actor).Bind(2, query.Action)
            .Bind(3, query.Refused switch { null => -1L, true => 1, false => 0 })
            .Bind(4, query.Since?.ToUnixTimeMilliseconds() ?? long.MinValue).Bind(5, query.Limit);
        List<AuditRow> rows = [];
        while (read.Step())
        {
            rows.Add(Row(read));
        }

        return rows;
    }

    /// <summary>Walks over the whole chain.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public ChainReport Verify() => database.Read(Verify);

    private static ChainReport Verify(SqliteConnection connection)
    {
        // One moment: what is forgotten or added meanwhile is not seen.
        Database.Run(connection, "BEGIN");
        (long last, byte[] hash) = Anchor(connection);
        long first = 0;
        using Statement read = new(connection, $"SELECT {Columns} FROM audit ORDER BY seq");
        while (read.Step())
        {
            AuditRow row = Row(read);
            first = first == 0 ? row.Sequence : first;
            hash = row.Entry.HashAfter(hash, row.Sequence);
            if (row.Sequence != last + 1 || !hash.AsSpan().SequenceEqual(row.Hash.Span))
            {
                return new ChainReport(false, first, row.Sequence, row.Hash, row.Sequence);
            }

            last = row.Sequence;
        }

        return new ChainReport(true, first, first == 0 ? 0 : last, hash, null);
    }

    private static void Forget(SqliteConnection connection, long oldest, long upTo)
    {
        using Statement find = new(connection, "SELECT max(seq) FROM audit WHERE seq <= ?1 OR (time < ?2 AND seq < (SELECT max(seq) FROM audit))");
        find.Bind(0, upTo).Bind(1, oldest);
        if (!find.Step() || find.IsNull(0))
        {
            return;
        }

        long last = find.Int64(0);
        find.Reset();
        using Statement anchor = new(connection, "INSERT OR REPLACE INTO audit_anchor (one, seq, hash) SELECT 1, seq, hash FROM audit WHERE seq = ?");
        anchor.Bind(0, last).Step();
        using Statement forget = new(connection, "DELETE FROM audit WHERE seq <= ?");
        forget.Bind(0, last).Step();
    }

    private static (long Sequence, byte[] Hash) Head(SqliteConnection connection)
    {
        using Statement read = new(connection, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
        return read.Step() ? (read.Int64(0), read.Blob(1).ToArray()) : Anchor(connection);
    }

    private static (long Sequence, byte[] Hash) Anchor(SqliteConnection connection)
    {
        using Statement read = new(connection, "SELECT seq, hash FROM audit_anchor");
        return read.Step() ? (read.Int64(0), read.Blob(1).ToArray()) : (0, Nothing);
    }

    private static AuditRow Row(Statement read) => new(
        read.Int64(0),
        new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(1)),
            read.Text(2),
            read.Int64(3),
            read.Text(4),
            read.Text(5),
            read.Text(6),
            (int)read.Int64(7),
            Nullable(read, 8),
            Nullable(read, 9),
            Nullable(read, 10),
            read.Text(11)),
        read.Blob(12).ToArray());

    private static string? Nullable(Statement read, int column) => read.IsNull(column) ? null : read.Text(column);
}
