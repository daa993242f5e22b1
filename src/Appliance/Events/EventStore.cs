using System.Globalization;
using System.Text;
using Blackwall.Storage;

namespace Blackwall.Events;

/// <summary>The events of the log in the store: added by the one writer, read by anybody.</summary>
internal sealed class EventStore(Database database)
{
    /// <summary>What is forgeable has this part of the rows, beside the rest.</summary>
    private const int ForgeablePart = 8;

    private const string Columns = "seq, time, kind, version, scope, forgeable, data";

    /// <summary>Tells this log from every other: another one for each new database.</summary>
    public static string Identify(StoreTransaction store, DateTimeOffset now)
    {
        using (Statement read = new(store.Connection, "SELECT value FROM high_water WHERE name = 'event_log'"))
        {
            if (read.Step())
            {
                return read.Int64(0).ToString("x", CultureInfo.InvariantCulture);
            }
        }

        long made = now.ToUnixTimeMilliseconds();
        using Statement mark = new(store.Connection, "INSERT INTO high_water (name, value) VALUES ('event_log', ?)");
        mark.Bind(0, made).Step();
        return made.ToString("x", CultureInfo.InvariantCulture);
    }

    /// <summary>The newest event in the store; 0: there is none.</summary>
    public static long Last(StoreTransaction store)
    {
        using Statement read = new(store.Connection, "SELECT coalesce(max(seq), 0) FROM event");
        return read.Step() ? read.Int64(0) : 0;
    }

    public static void Add(StoreTransaction store, IReadOnlyList<ApplianceEvent> events)
    {
        using Statement add = new(store.Connection, $"INSERT OR REPLACE INTO event ({Columns}) VALUES (?,?,?,?,?,?,?)");
        foreach (ApplianceEvent happened in events)
        {
            add.Bind(0, happened.Sequence).Bind(1, happened.Time.ToUnixTimeMilliseconds()).Bind(2, happened.Kind).Bind(3, happened.Version).Bind(4, happened.Scope)
                .Bind(5, happened.IsForgeable ? 1 : 0).Bind(6, Encoding.UTF8.GetString(happened.Data.Span)).Step();
        }
    }

    /// <summary>Numbers after <paramref name="last"/> and up to <paramref name="reserved"/> may have been given; what had them is lost.</summary>
    public static void AddUncertain(StoreTransaction store, long last, long reserved)
    {
        using Statement add = new(store.Connection, "INSERT OR REPLACE INTO event_uncertain (after, upto) VALUES (?, ?)");
        add.Bind(0, last).Bind(1, reserved).Step();
    }

    /// <summary>Forgets what is too old (ms since 1970) or too many.</summary>
    public static void Prune(StoreTransaction store, long oldest, int maxRows)
    {
        foreach ((string sql, long bound) in new[]
        {
            ("DELETE FROM event WHERE time < ?", oldest),
            ("DELETE FROM event WHERE forgeable = 0 AND seq <= (SELECT seq FROM event WHERE forgeable = 0 ORDER BY seq DESC LIMIT 1 OFFSET ?)", maxRows),
            ("DELETE FROM event WHERE forgeable = 1 AND seq <= (SELECT seq FROM event WHERE forgeable = 1 ORDER BY seq DESC LIMIT 1 OFFSET ?)", maxRows / ForgeablePart),
        })
        {
            using Statement forget = new(store.Connection, sql);
            forget.Bind(0, bound).Step();
        }

        using Statement past = new(store.Connection, "DELETE FROM event_uncertain WHERE upto < (SELECT min(seq) FROM event)");
        past.Step();
    }

    /// <summary>Where resumed readers were, by name.</summary>
    public static Dictionary<string, long> Places(StoreTransaction store)
    {
        Dictionary<string, long> places = new(StringComparer.Ordinal);
        using Statement read = new(store.Connection, "SELECT name, seq FROM event_reader");
        while (read.Step())
        {
            places[read.Text(0)] = read.Int64(1);
        }

        return places;
    }

    public static void Place(StoreTransaction store, string reader, long sequence)
    {
        using Statement place = new(store.Connection, "INSERT OR REPLACE INTO event_reader (name, seq) VALUES (?, ?)");
        place.Bind(0, reader).Bind(1, sequence).Step();
    }

    /// <summary>In order: those after a sequence, up to another.</summary>
    /// <param name="after">Where the reader is.</param>
    /// <param name="upTo">The last that is asked for.</param>
    /// <param name="most">At most this many.</param>
    /// <param name="spans">Ranges of numbers of which nobody knows whether they were given: after the first, up to and with the second.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<ApplianceEvent> After(long after, long upTo, int most, out IReadOnlyList<(long After, long UpTo)> spans)
    {
        List<(long, long)> uncertain = [];
        IReadOnlyList<ApplianceEvent> found = database.Read(connection =>
        {
            using (Statement list = new(connection, "SELECT after, upto FROM event_uncertain WHERE upto > ?1 AND after < ?2 ORDER BY after"))
            {
                list.Bind(0, after).Bind(1, upTo);
                while (list.Step())
                {
                    uncertain.Add((list.Int64(0), list.Int64(1)));
                }
            }

            using Statement read = new(connection, $"SELECT {Columns} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?");
            return Rows(read.Bind(0, after).Bind(1, upTo).Bind(2, most));
        });
        spans = uncertain;
        return found;
    }

    /// <summary>Newest first: those below a sequence, of a kind and at or after a time if these are given, that a reader with these scopes may see.</summary>
    /// <param name="kind">Null: any.</param>
    /// <param name="since">Null: any time.</param>
    /// <param name="before">Below this.</param>
    /// <param name="scopes">Words; null: everything may be seen.</param>
    /// <param name="limit">At most this many.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<ApplianceEvent> List(string? kind, DateTimeOffset? since, long before, IReadOnlyList<string>? scopes, int limit) => database.Read(connection =>
    {
        using Statement read = new(connection, $"""
            SELECT {Columns} FROM event
            WHERE seq < ?1 AND (?2 IS NULL OR kind = ?2) AND time >= ?3
                AND (scope IS NULL OR ?4 IS NULL OR instr(?4, ' ' || scope || ' ') > 0)
            ORDER BY seq DESC LIMIT ?5
            """);
        return Rows(read.Bind(0, before).Bind(1, kind).Bind(2, since?.ToUnixTimeMilliseconds() ?? long.MinValue)
            .Bind(3, scopes is null ? null : $" {string.Join(' ', scopes)} ").Bind(4, limit));
    });

    private static List<ApplianceEvent> Rows(Statement read)
    {
        List<ApplianceEvent> rows = [];
        while (read.Step())
        {
            rows.Add(new ApplianceEvent(
                read.Int64(0),
                DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(1)),
                read.Text(2),
                (int)read.Int64(3),
                read.IsNull(4) ? null : read.Text(4),
                read.Int64(5) != 0,
                Encoding.UTF8.GetBytes(read.Text(6))));
        }

        return rows;
    }
}
