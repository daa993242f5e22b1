using System.Text;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Events;

/// <summary>The events that were told, kept for a while.</summary>
internal sealed class EventStore(Database database)
{
    /// <summary>Adds all or nothing, and forgets what is too old (ms since 1970) or too many.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public void Append(IReadOnlyList<(string Id, StreamEvent Event)> events, long oldest, int maxRows) => database.Use(writing: true, connection => Append(connection, events, oldest, maxRows));

    private static bool Append(SqliteConnection connection, IReadOnlyList<(string Id, StreamEvent Event)> events, long oldest, int maxRows)
    {
        Database.Run(connection, "BEGIN IMMEDIATE");
        using (Statement add = new(connection, "INSERT INTO event (id, time, kind, data, forgeable) VALUES (?,?,?,?,?)"))
        {
            foreach ((string id, StreamEvent happened) in events)
            {
                add.Bind(0, id).Bind(1, happened.Time.ToUnixTimeMilliseconds()).Bind(2, happened.Kind.Name).Bind(3, Encoding.UTF8.GetString(happened.Data())).Bind(4, happened.IsForgeable ? 1 : 0).Step();
            }
        }

        foreach ((string sql, long bound) in new[]
        {
            ("DELETE FROM event WHERE time < ?", oldest),
            ("DELETE FROM event WHERE forgeable = 0 AND seq <= (SELECT seq FROM event WHERE forgeable = 0 ORDER BY seq DESC LIMIT 1 OFFSET ?)", maxRows),
            ("DELETE FROM event WHERE forgeable = 1 AND seq <= (SELECT seq FROM event WHERE forgeable = 1 ORDER BY seq DESC LIMIT 1 OFFSET ?)", maxRows / 8),
        })
        {
            using Statement forget = new(connection, sql);
            forget.Bind(0, bound).Step();
        }

        Database.Run(connection, "COMMIT");
        return true;
    }

    /// <summary>Newest first: those below a sequence number, of a kind and at or after a time if these are given.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<(long Sequence, string Id, DateTimeOffset Time, string Kind, string Data)> List(string? kind, DateTimeOffset? since, long before, int limit) =>
        database.Use(writing: false, connection => List(connection, kind, since, before, limit));

    private static List<(long Sequence, string Id, DateTimeOffset Time, string Kind, string Data)> List(SqliteConnection connection, string? kind, DateTimeOffset? since, long before, int limit)
    {
        using Statement read = new(connection, "SELECT seq, id, time, kind, data FROM event WHERE seq < ?1 AND (?2 IS NULL OR kind = ?2) AND time >= ?3 ORDER BY seq DESC LIMIT ?4");
        read.Bind(0, before).Bind(1, kind).Bind(2, since?.ToUnixTimeMilliseconds() ?? long.MinValue).Bind(3, limit);
        List<(long, string, DateTimeOffset, string, string)> rows = [];
        while (read.Step())
        {
            rows.Add((read.Int64(0), read.Text(1), DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(2)), read.Text(3), read.Text(4)));
        }

        return rows;
    }
}
