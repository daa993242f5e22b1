using System.Collections.Concurrent;
using System.Text;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Intel;

/// <summary>
/// Reads the objects that are served, as ready JSON, by the one order that they were added in. A page is a range of the primary key or of an index,
/// wherever it begins. Thread-safe: connections are kept for the next reader.
/// </summary>
internal sealed class StixObjectStore(Database database) : IDisposable
{
    /// <summary>Connections that are kept open while nobody reads.</summary>
    private const int MaxIdle = 8;

    private const string Columns = "added, type, uuid, version, body";
    private const string ColumnsWithoutBody = "added, type, uuid, version, NULL";

    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private string? _opened;

    /// <summary>The objects that fit, oldest first; one more than the limit when there are more.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<StoredObject> List(Collection collection, ObjectFilter filter, bool withBody = true) => filter.IsEmpty ? [] : Read(connection =>
    {
        string columns = withBody ? Columns : ColumnsWithoutBody;
        List<StoredObject> found = [];
        if (filter.Ids is { } ids)
        {
            foreach ((string type, Guid id) in ids.Where(one => filter.Types is null || filter.Types.Contains(one.Type, StringComparer.Ordinal)))
            {
                using Statement byId = new(connection, $"SELECT {columns} FROM stix_object WHERE uuid = ?2 AND type = ?3 AND collection = ?1 AND added > ?4 AND {VersionsOf(filter)} ORDER BY added LIMIT ?5");
                Rows(byId.Bind(0, collection.Number).Bind(1, Bytes(id)).Bind(2, type).Bind(3, filter.After).Bind(4, filter.Limit + 1), found);
            }

            found.Sort((one, other) => one.Added.CompareTo(other.Added));
            return found.Count > filter.Limit + 1 ? found[..(filter.Limit + 1)] : found;
        }

        if (filter.Types is { } types)
        {
            // A range of the index for each type: one condition over all of them would sort the collection.
            foreach (string type in types)
            {
                using Statement byType = new(connection, $"SELECT {columns} FROM stix_object INDEXED BY stix_object_type WHERE collection = ?1 AND type = ?2 AND added > ?3 AND {VersionsOf(filter)} ORDER BY added LIMIT ?4");
                Rows(byType.Bind(0, collection.Number).Bind(1, type).Bind(2, filter.After).Bind(3, filter.Limit + 1), found);
            }

            found.Sort((one, other) => one.Added.CompareTo(other.Added));
            return found.Count > filter.Limit + 1 ? found[..(filter.Limit + 1)] : found;
        }

        using Statement all = new(connection, $"SELECT {columns} FROM stix_object WHERE collection = ?1 AND added > ?2 AND {VersionsOf(filter)} ORDER BY added LIMIT ?3");
        Rows(all.Bind(0, collection.Number).Bind(1, filter.After).Bind(2, filter.Limit + 1), found);
        return found;
    });

    /// <summary>Whether any version of an object is there.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public bool Has(Collection collection, string type, Guid id) => Read(connection =>
    {
        using Statement read = new(connection, "SELECT 1 FROM stix_object WHERE uuid = ? AND type = ? AND collection = ? LIMIT 1");
        return read.Bind(0, Bytes(id)).Bind(1, type).Bind(2, collection.Number).Step();
    });

    /// <summary>Name of the key that added an object first; null: there is no such object.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public string? OwnerOf(Collection collection, string type, Guid id) => Read(connection =>
    {
        using Statement read = new(connection, "SELECT owner FROM stix_object WHERE uuid = ? AND type = ? AND collection = ? ORDER BY added LIMIT 1");
        return read.Bind(0, Bytes(id)).Bind(1, type).Bind(2, collection.Number).Step() ? read.Text(0) : null;
    });

    /// <summary>A status of what was added; null: there is none of this id, or it is too old.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public byte[]? Status(Guid id) => Read(connection =>
    {
        using Statement read = new(connection, "SELECT body FROM taxii_status WHERE id = ?");
        return read.Bind(0, id.ToString("D")).Step() ? read.Blob(0).ToArray() : null;
    });

    public void Dispose()
    {
        while (_idle.TryTake(out SqliteConnection? connection))
        {
            connection.Dispose();
        }
    }

    internal static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private static string VersionsOf(ObjectFilter filter)
    {
        if (filter.AllVersions)
        {
            return "1";
        }

        StringBuilder any = new("(");
        string or = "";
        foreach ((bool wanted, string condition) in new[] { (filter.Last, "is_last = 1"), (filter.First, "is_first = 1") })
        {
            if (wanted)
            {
                any.Append(or).Append(condition);
                or = " OR ";
            }
        }

        if (filter.Versions.Count > 0)
        {
            // Whole numbers, made by our own parser.
            any.Append(or).Append("modified IN (").AppendJoin(',', filter.Versions).Append(')');
        }

        return filter is { Last: true, First: false, Versions.Count: 0 } ? "is_last = 1" : any.Append(')').ToString();
    }

    private static void Rows(Statement read, List<StoredObject> into)
    {
        while (read.Step())
        {
            into.Add(new StoredObject(read.Int64(0), read.Text(1), new Guid(read.Blob(2), bigEndian: true), read.Text(3), read.IsNull(4) ? default : read.Blob(4).ToArray()));
        }
    }

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        // A database that was put aside has readers that must not come back.
        if (!string.Equals(Interlocked.Exchange(ref _opened, database.SetAside), database.SetAside, StringComparison.Ordinal))
        {
            Dispose();
        }

        SqliteConnection? connection = null;
        try
        {
            connection = _idle.TryTake(out SqliteConnection? idle) ? idle : database.OpenReader();
            T result = work(connection);
            if (_idle.Count < MaxIdle)
            {
                _idle.Add(connection);
                connection = null;
            }

            return result;
        }
        catch (SqliteException failure)
        {
            throw new StoreException(failure.Message, failure);
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
