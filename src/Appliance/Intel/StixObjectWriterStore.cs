using System.Globalization;
using Blackwall.Pipeline.Indicators;
using Blackwall.Intel.Stix;
using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>
/// Adds and deletes versions of objects inside one transaction of the journal. Each gets a microsecond of its own, later than any before, over restarts
/// and steps of the clock: pages are ordered by it.
/// </summary>
internal sealed class StixObjectWriterStore : IDisposable
{
    private const string HighWater = "intel_added";
    private readonly StoreTransaction _transaction;
    private readonly int _maxVersions;
    private readonly Statement _versions;
    private readonly Statement _insert;
    private readonly Statement _notLast;
    private readonly long _now;
    private long _last;

    /// <param name="transaction">The journal's.</param>
    /// <param name="now">When it is added.</param>
    /// <param name="maxVersions">Versions that are kept beside the first.</param>
    public StixObjectWriterStore(StoreTransaction transaction, DateTimeOffset now, int maxVersions)
    {
        (_transaction, _maxVersions, _now) = (transaction, maxVersions, StixTime.ToMicros(now));
        using (Statement read = new(transaction.Connection, "SELECT value FROM high_water WHERE name = ?"))
        {
            _last = read.Bind(0, HighWater).Step() ? read.Int64(0) : 0;
        }

        _versions = new Statement(transaction.Connection, "SELECT count(*), max(modified), min(modified), max(modified = ?4) FROM stix_object WHERE uuid = ?1 AND type = ?2 AND collection = ?3");
        _insert = new Statement(transaction.Connection, "INSERT INTO stix_object (added, collection, type, uuid, modified, version, is_first, is_last, is_pinned, body, owner) VALUES (?,?,?,?,?,?,?,?,?,?,?)");
        _notLast = new Statement(transaction.Connection, "UPDATE stix_object SET is_last = 0 WHERE uuid = ? AND type = ? AND collection = ? AND is_last = 1");
    }

    /// <summary>How many more rows there are than before.</summary>
    public long Added { get; private set; }

    /// <summary>Adds a version; one that is there already stays as it is. Of kinds without versions the first one stays.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Put(Collection collection, StixObject added, string owner = "")
    {
        byte[] id = StixObjectStore.Bytes(added.Id);
        _versions.Bind(0, id).Bind(1, added.Type).Bind(2, collection.Number).Bind(3, added.Modified).Step();
        (long count, long newest, long oldest, bool isThere) = (_versions.Int64(0), _versions.Int64(1), _versions.Int64(2), _versions.Int64(3) != 0);
        _versions.Reset();
        if (isThere)
        {
            return false;
        }

        bool isLast = count == 0 || added.Modified > newest;
        bool isFirst = count == 0 || added.Modified < oldest;
        if (count > 0 && isLast)
        {
            _notLast.Bind(0, id).Bind(1, added.Type).Bind(2, collection.Number).Step();
        }

        if (count > 0 && isFirst)
        {
            using Statement notFirst = new(_transaction.Connection, "UPDATE stix_object SET is_first = 0 WHERE uuid = ? AND type = ? AND collection = ?");
            notFirst.Bind(0, id).Bind(1, added.Type).Bind(2, collection.Number).Step();
        }

        _last = Math.Max(_now, _last + 1);
        _insert.Bind(0, _last).Bind(1, collection.Number).Bind(2, added.Type).Bind(3, id).Bind(4, added.Modified).Bind(5, added.Version)
            .Bind(6, isFirst ? 1 : 0).Bind(7, isLast ? 1 : 0).Bind(8, added.IsPinned ? 1 : 0).Bind(9, added.Body.Span).Bind(10, owner).Step();
        Added++;
        if (count > _maxVersions)
        {
            using Statement prune = new(_transaction.Connection, "DELETE FROM stix_object WHERE added = (SELECT added FROM stix_object WHERE uuid = ? AND type = ? AND collection = ? AND is_first = 0 AND is_last = 0 ORDER BY modified LIMIT 1)");
            prune.Bind(0, id).Bind(1, added.Type).Bind(2, collection.Number).Step();
            Added -= Changes();
        }

        return true;
    }

    /// <summary>Deletes versions of an object.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="type">Of the object.</param>
    /// <param name="uuid">Of the object.</param>
    /// <param name="versions">Microseconds since 1970 of each version that goes; null: all.</param>
    /// <returns>How many.</returns>
    public int Delete(Collection collection, string type, Guid uuid, IReadOnlyList<long>? versions)
    {
        byte[] id = StixObjectStore.Bytes(uuid);
        string which = versions is null ? "" : $" AND modified IN ({string.Join(',', versions.Select(version => version.ToString(CultureInfo.InvariantCulture)))})";
        using (Statement delete = new(_transaction.Connection, $"DELETE FROM stix_object WHERE uuid = ? AND type = ? AND collection = ?{which}"))
        {
            delete.Bind(0, id).Bind(1, type).Bind(2, collection.Number).Step();
        }

        int deleted = Changes();
        using Statement ends = new(_transaction.Connection, """
            UPDATE stix_object SET
                is_last = modified = (SELECT max(modified) FROM stix_object WHERE uuid = ?1 AND type = ?2 AND collection = ?3),
                is_first = modified = (SELECT min(modified) FROM stix_object WHERE uuid = ?1 AND type = ?2 AND collection = ?3)
            WHERE uuid = ?1 AND type = ?2 AND collection = ?3
            """);
        ends.Bind(0, id).Bind(1, type).Bind(2, collection.Number).Step();
        Added -= deleted;
        return deleted;
    }

    /// <summary>Bytes that the objects of a key take up in a collection.</summary>
    public long BytesOf(Collection collection, string owner)
    {
        using Statement sum = new(_transaction.Connection, "SELECT coalesce(sum(length(body)), 0) FROM stix_object WHERE collection = ? AND owner = ?");
        return sum.Bind(0, collection.Number).Bind(1, owner).Step() ? sum.Int64(0) : 0;
    }

    /// <summary>How many rows there are, of all collections.</summary>
    public long Count()
    {
        using Statement count = new(_transaction.Connection, "SELECT count(*) FROM stix_object");
        return count.Step() ? count.Int64(0) : 0;
    }

    /// <summary>Forgets the oldest objects to which nothing refers from outside.</summary>
    /// <returns>How many.</returns>
    public int Prune(long most)
    {
        using Statement prune = new(_transaction.Connection, "DELETE FROM stix_object WHERE added IN (SELECT added FROM stix_object WHERE is_pinned = 0 ORDER BY added LIMIT ?)");
        prune.Bind(0, most).Step();
        int pruned = Changes();
        Added -= pruned;
        return pruned;
    }

    /// <summary>Keeps the answer to whoever asks what became of what was added; the newest <paramref name="kept"/> stay.</summary>
    public void PutStatus(Guid id, Collection collection, ReadOnlySpan<byte> body, int kept)
    {
        using Statement write = new(_transaction.Connection, "INSERT INTO taxii_status (id, collection, made, body) VALUES (?,?,?,?)");
        write.Bind(0, id.ToString("D")).Bind(1, collection.Number).Bind(2, _now).Bind(3, body).Step();
        using Statement prune = new(_transaction.Connection, "DELETE FROM taxii_status WHERE rowid <= (SELECT rowid FROM taxii_status ORDER BY rowid DESC LIMIT 1 OFFSET ?)");
        prune.Bind(0, kept).Step();
    }

    public void Dispose()
    {
        using (Statement mark = new(_transaction.Connection, "INSERT INTO high_water (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2"))
        {
            mark.Bind(0, HighWater).Bind(1, _last).Step();
        }

        _versions.Dispose();
        _insert.Dispose();
        _notLast.Dispose();
    }

    private int Changes()
    {
        using Statement changes = new(_transaction.Connection, "SELECT changes()");
        return changes.Step() ? (int)changes.Int64(0) : 0;
    }
}
