using Blackwall.Pipeline.Model;

namespace Blackwall.Storage;

/// <summary>Reads evidence by id and by source. Thread-safe: a connection for each call.</summary>
public sealed class EvidenceStore(Database database, StoreQueue queue)
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
            if (found.Count < ids.Count && await queue.FlushAsync(durable: false, cancellationToken))
            {
                found = Read(ids);
            }

            return found;
        }
        catch (StoreException)
        {
            return [];
        }
    }

    /// <summary>The newest pieces about one source, newest first; as many as <paramref name="limit"/>. A store that cannot be read gives nothing.</summary>
    public async Task<IReadOnlyList<Evidence>> OfAsync(Address source, int limit, CancellationToken cancellationToken)
    {
        // What was seen a moment ago may wait to be stored.
        await queue.FlushAsync(durable: false, cancellationToken);
        try
        {
            return Read(source, limit);
        }
        catch (StoreException)
        {
            return [];
        }
    }

    private List<Evidence> Read(Address source, int limit) => database.Read(connection =>
    {
        List<Evidence> found = [];
        using Statement read = new(connection, "SELECT id, source, kind, class, weight, seen, detail, facts FROM evidence WHERE source = ? ORDER BY id DESC LIMIT ?");
        Span<byte> bytes = stackalloc byte[16];
        source.WriteBytes(bytes);
        read.Bind(0, bytes).Bind(1, limit);
        while (read.Step())
        {
            found.Add(Row(read));
        }

        return found;
    });

    private List<Evidence> Read(IReadOnlyList<long> ids) => database.Read(connection =>
    {
        List<Evidence> found = [];
        using Statement read = new(connection, "SELECT id, source, kind, class, weight, seen, detail, facts FROM evidence WHERE id = ?");
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
    });

    private static Evidence Row(Statement read) => new(
        read.Int64(0),
        Address.FromBytes(read.Blob(1)),
        read.Text(2),
        (EvidenceClass)read.Int64(3),
        read.Double(4),
        DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(5)),
        read.Text(6))
    {
        Facts = read.IsNull(7) ? null : EvidenceJson.Read(read.Text(7)),
    };
}
