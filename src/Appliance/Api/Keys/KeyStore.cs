using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Api.Keys;

/// <summary>Hashes of API keys and what they may do. A key has 256 random bits, so one SHA-256 is enough: there is nothing to guess.</summary>
internal sealed class KeyStore(Database database, ScopeRegistry registry)
{
    private const char Separator = ' ';

    /// <summary>The highest id ever given: in the audit trail an id means one key for ever.</summary>
    public long LastId()
    {
        long last = 0;
        Try(connection =>
        {
            using Statement read = new(connection, "SELECT max((SELECT coalesce(max(id), 0) FROM api_key), coalesce((SELECT value FROM high_water WHERE name = 'key'), 0))");
            last = read.Step() ? read.Int64(0) : 0;
        });
        return last;
    }

    /// <summary>Every key; the error says why they cannot be read, and then there are none.</summary>
    public IReadOnlyList<ApiKey> All(out string? error)
    {
        List<ApiKey> keys = [];
        error = Try(connection =>
        {
            using Statement read = new(connection, "SELECT id, name, sha256, lead, scopes, networks, created, expiry, last_used FROM api_key ORDER BY id");
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
        });
        return error is null ? keys : [];
    }

    /// <summary>Adds a key, or replaces the one of its id. Null: done; else why it is not stored.</summary>
    public string? Put(ApiKey key) => Try(connection =>
    {
        using Statement write = new(connection, "INSERT OR REPLACE INTO api_key (id, name, sha256, lead, scopes, networks, created, expiry, last_used) VALUES (?,?,?,?,?,?,?,?,?)");
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

    /// <summary>Null: done; else why not.</summary>
    public string? Remove(long id) => Try(connection =>
    {
        using Statement mark = new(connection, "INSERT INTO high_water (name, value) VALUES ('key', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)");
        mark.Bind(0, id).Step();
        using Statement remove = new(connection, "DELETE FROM api_key WHERE id = ?");
        remove.Bind(0, id).Step();
    });

    /// <summary>Notes when keys were last used, in milliseconds since 1970. Null: done; else why not.</summary>
    public string? Used(IReadOnlyList<(long Id, long Used)> uses) => Try(connection =>
    {
        Database.Run(connection, "BEGIN IMMEDIATE");
        using Statement update = new(connection, "UPDATE api_key SET last_used = ?2 WHERE id = ?1");
        foreach ((long id, long used) in uses)
        {
            update.Bind(0, id).Bind(1, used).Step();
        }

        Database.Run(connection, "COMMIT");
    });

    private string? Try(Action<SqliteConnection> work)
    {
        try
        {
            using SqliteConnection connection = database.OpenWriter();
            work(connection);
            return null;
        }
        catch (SqliteException failure)
        {
            return failure.Message;
        }
    }

    private static DateTimeOffset? Time(Statement read, int column) => read.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(column));
}
