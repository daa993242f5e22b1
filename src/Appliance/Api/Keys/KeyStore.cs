using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Api.Keys;

/// <summary>Hashes of API keys. A key has 256 random bits, so one SHA-256 is enough: there is nothing to guess.</summary>
public sealed class KeyStore(Database database)
{
    /// <summary>Every key; the error says why they cannot be read, and then there are none.</summary>
    public IReadOnlyList<(string Name, byte[] Hash)> All(out string? error)
    {
        List<(string, byte[])> keys = [];
        error = null;
        try
        {
            using SqliteConnection connection = database.OpenWriter();
            using Statement read = new(connection, "SELECT name, sha256 FROM api_key ORDER BY id");
            while (read.Step())
            {
                keys.Add((read.Text(0), read.Blob(1).ToArray()));
            }

            return keys;
        }
        catch (SqliteException failure)
        {
            error = failure.Message;
            return [];
        }
    }

    /// <summary>False: the error says why the key is not stored.</summary>
    public bool TryPut(string name, ReadOnlySpan<byte> hash, DateTimeOffset created, out string? error)
    {
        try
        {
            using SqliteConnection connection = database.OpenWriter();
            using Statement write = new(connection, "INSERT INTO api_key (name, sha256, created) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET sha256 = ?2, created = ?3");
            write.Bind(0, name).Bind(1, hash).Bind(2, created.ToUnixTimeMilliseconds()).Step();
            error = null;
            return true;
        }
        catch (SqliteException failure)
        {
            error = failure.Message;
            return false;
        }
    }
}
