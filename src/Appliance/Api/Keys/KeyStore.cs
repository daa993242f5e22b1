using Blackwall.Pipeline.Model;
using Blackwall.Storage;

namespace Blackwall.Api.Keys;

/// <summary>Hashes of API keys and what they may do. A key has 256 random bits, so one SHA-256 is enough: there is nothing to guess.</summary>
internal sealed class KeyStore(Database database, StoreQueue queue, ScopeRegistry registry)
{
    private const char Separator = ' ';

    /// <summary>Every key, and the highest id ever given: in the audit trail an id means one key for ever.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public (IReadOnlyList<ApiKey> Keys, long LastId) Read() => database.Read(connection =>
    {
        List<ApiKey> keys = [];
        using (Statement read = new(connection, "SELECT id, name, sha256, lead, scopes, networks, created, expiry, last_used FROM api_key ORDER BY id"))
        {
            while (read.Step())
            {
                keys.Add(new ApiKey(
                    read.Int64(0),
                    read.Text(1),
                    read.Blob(2).ToArray(),
                    read.Text(3),
                    registry.ParseList(read.Text(4)),
                    [.. read.Text(5).Split(Separator, StringSplitOptions.RemoveEmptyEntries).Select(text => Prefix.Parse(text))],
                    DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(6)),
                    Time(read, 7),
                    Time(read, 8)));
            }
        }

        using Statement mark = new(connection, "SELECT coalesce((SELECT value FROM high_water WHERE name = 'key'), 0)");
        long last = mark.Step() ? mark.Int64(0) : 0;
        return ((IReadOnlyList<ApiKey>)keys, Math.Max(last, keys.Select(key => key.Id).DefaultIfEmpty().Max()));
    });

    /// <summary>Adds a key, or replaces the one of its id.</summary>
    /// <exception cref="StoreException">The disk refused: nothing was changed.</exception>
    public Task PutAsync(ApiKey key) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "INSERT OR REPLACE INTO api_key (id, name, sha256, lead, scopes, networks, created, expiry, last_used) VALUES (?,?,?,?,?,?,?,?,?)");
        write.Bind(0, key.Id).Bind(1, key.Name).Bind(2, key.Hash).Bind(3, key.Lead)
            .Bind(4, string.Join(Separator, key.Scopes.Words))
            .Bind(5, string.Join(Separator, key.Networks))
            .Bind(6, key.Created.ToUnixTimeMilliseconds());
        if (key.Expiry is { } expiry)
        {
            write.Bind(7, expiry.ToUnixTimeMilliseconds());
        }

        if (key.LastUsed is { } used)
        {
            write.Bind(8, used.ToUnixTimeMilliseconds());
        }

        write.Step();
    });

    /// <exception cref="StoreException">The disk refused: nothing was changed.</exception>
    public Task RemoveAsync(long id) => queue.WriteAsync(transaction =>
    {
        using Statement mark = new(transaction.Connection, "INSERT INTO high_water (name, value) VALUES ('key', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)");
        mark.Bind(0, id).Step();
        using Statement remove = new(transaction.Connection, "DELETE FROM api_key WHERE id = ?");
        remove.Bind(0, id).Step();
    });

    /// <summary>Notes when keys were last used, in milliseconds since 1970.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task UsedAsync(IReadOnlyList<(long Id, long Used)> uses) => queue.WriteAsync(transaction =>
    {
        using Statement update = new(transaction.Connection, "UPDATE api_key SET last_used = ?2 WHERE id = ?1");
        foreach ((long id, long used) in uses)
        {
            update.Bind(0, id).Bind(1, used).Step();
        }
    });

    private static DateTimeOffset? Time(Statement read, int column) => read.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(column));
}
