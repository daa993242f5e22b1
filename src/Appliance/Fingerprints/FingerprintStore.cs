using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Fingerprints;

/// <summary>Keeps the fingerprint database. Every write is whole and on the disk when its task completes.</summary>
public sealed class FingerprintStore(StoreQueue queue)
{
    private const long Shipped = 0;
    private const long Operator = 1;
    private const long Removed = 2;

    /// <summary>
    /// Brings the shipped entries in when they are others than at the last start, leaving alone what the operator changed or removed, and reads
    /// everything.
    /// </summary>
    /// <param name="shipped">Entries of this version.</param>
    /// <param name="version">Another number for other entries.</param>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    public Task<IReadOnlyList<FingerprintEntry>> LoadAsync(IReadOnlyList<FingerprintEntry> shipped, long version)
    {
        ArgumentNullException.ThrowIfNull(shipped);
        return queue.WriteAsync<IReadOnlyList<FingerprintEntry>>(transaction => Load(transaction.Connection, shipped, version));
    }

    /// <summary>All or nothing.</summary>
    /// <exception cref="StoreException">The disk refused: nothing was stored.</exception>
    public Task SaveAsync(IEnumerable<FingerprintEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return queue.WriteAsync(transaction =>
        {
            foreach (FingerprintEntry entry in entries)
            {
                Write(
                    transaction.Connection,
                    entry,
                    Operator,
                    "ON CONFLICT (kind, value) DO UPDATE SET label = ?3, category = ?4, confidence = ?5, source = ?6, note = ?7, state = ?8, revision = ?9");
            }
        });
    }

    /// <exception cref="StoreException">The disk refused: nothing was stored.</exception>
    public Task RemoveAsync(FingerprintEntry entry, long revision)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return queue.WriteAsync(transaction =>
        {
            using Statement write = new(transaction.Connection, "UPDATE fingerprint SET state = ?, revision = ? WHERE kind = ? AND value = ?");
            write.Bind(0, Removed).Bind(1, revision).Bind(2, FingerprintWords.For(entry.Kind)).Bind(3, entry.Value).Step();
        });
    }

    private static List<FingerprintEntry> Load(SqliteConnection connection, IReadOnlyList<FingerprintEntry> shipped, long version)
    {
        bool known;
        using (Statement read = new(connection, "SELECT value FROM high_water WHERE name = 'fingerprints'"))
        {
            known = read.Step() && read.Int64(0) == version;
        }

        if (!known)
        {
            Run(connection, "DELETE FROM fingerprint WHERE state = 0");
            foreach (FingerprintEntry entry in shipped)
            {
                Write(connection, entry with { Revision = 1 }, Shipped, "ON CONFLICT DO NOTHING");
            }

            using Statement mark = new(connection, "INSERT INTO high_water (name, value) VALUES ('fingerprints', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1");
            mark.Bind(0, version).Step();
        }

        return Read(connection);
    }

    private static List<FingerprintEntry> Read(SqliteConnection connection)
    {
        List<FingerprintEntry> entries = [];
        using Statement read = new(connection, "SELECT kind, value, label, category, confidence, source, note, state, revision FROM fingerprint WHERE state != 2");
        while (read.Step())
        {
            if (FingerprintWords.Kinds.TryGetValue(read.Text(0), out FingerprintKind kind) && FingerprintWords.Categories.TryGetValue(read.Text(3), out FingerprintCategory category))
            {
                entries.Add(new FingerprintEntry(
                    kind, read.Text(1), read.Text(2), category, read.Double(4), read.Text(5), read.IsNull(6) ? null : read.Text(6), read.Int64(7) == Shipped, read.Int64(8)));
            }
        }

        return entries;
    }

    private static void Write(SqliteConnection connection, FingerprintEntry entry, long state, string conflict)
    {
        using Statement write = new(connection, "INSERT INTO fingerprint (kind, value, label, category, confidence, source, note, state, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) " + conflict);
        write.Bind(0, FingerprintWords.For(entry.Kind))
            .Bind(1, entry.Value)
            .Bind(2, entry.Label)
            .Bind(3, FingerprintWords.For(entry.Category))
            .Bind(4, entry.Confidence)
            .Bind(5, entry.Source)
            .Bind(6, entry.Note)
            .Bind(7, state)
            .Bind(8, entry.Revision)
            .Step();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using Statement statement = new(connection, sql);
        statement.Step();
    }
}
