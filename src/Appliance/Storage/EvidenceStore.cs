using Blackwall.Pipeline.Model;
using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>Reads evidence by id and by source. Thread-safe: a connection for each call.</summary>
public sealed class EvidenceStore(Database database, JournalInbox inbox)
{
    /// <summary>The pieces that are still kept, in order of id. What was published a moment ago is waited for; a store that cannot be read gives nothing.</summary>
    public async Task<IReadOnlyList<Evidence>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
        {
            return [];
        }

        try
        {
            List<Evidence> found = Read(ids);
            if (found.Count < ids.Count && await inbox.FlushAsync(durable: false, cancellationToken))
            {
                found = Read(ids);
            }

            return found;
        }
        catch (SqliteException)
        {
            return [];
        }
    }

    /// <summary>The newest pieces about one source, newest first; as many as <paramref name="limit"/>. A store that cannot be read gives nothing.</summary>
    public async Task<IReadOnlyList<Evidence>> OfAsync(Address source, int limit, CancellationToken cancellationToken)
    {
        // What was seen a moment ago may wait to be stored.
        await inbox.FlushAsync(durable: false, cancellationToken);
        try
        {
            return Read(source, limit);
        }
        catch (SqliteException)
        {
            return [];
        }
    }

    private List<Evidence> Read(Address source, int limit)
    {
        List<Evidence> found = [];
        using SqliteConnection connection = database.OpenReader();
        using Statement read = new(connection, "SELECT id, source, kind, class, weight, seen, detail FROM evidence WHERE source = ? ORDER BY id DESC LIMIT ?");
        Span<byte> bytes = stackalloc byte[16];
        source.WriteBytes(bytes);
        read.Bind(0, bytes).Bind(1, limit);
        while (read.Step())
        {
            found.Add(Row(read));
        }

        return found;
    }

    private List<Evidence> Read(IReadOnlyList<long> ids)
    {
        List<Evidence> found = [];
        using SqliteConnection connection = database.OpenReader();
        using Statement read = new(connection, "SELECT id, source, kind, class, weight, seen, detail FROM evidence WHERE id = ?");
        foreach (long id in ids.Order())
        {
            read.Bind(0, id);
            if (read.Step())
            {
                found.Add(Row(read));
                read.Reset();
            }
        }

        return found;
    }

    private static Evidence Row(Statement read) => new(
        read.Int64(0),
        Address.FromBytes(read.Blob(1)),
        read.Text(2),
        (EvidenceClass)read.Int64(3),
        read.Double(4),
        DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(5)),
        read.Text(6));
}
