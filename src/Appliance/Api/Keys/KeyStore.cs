using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Api.Keys;

/// <summary>Hashes of API keys. A key has 256 random bits, so one SHA-256 is enough: there is nothing to guess.</summary>
public sealed class KeyStore(Database database)
{
    public IReadOnlyList<(string Name, byte[] Hash)> All()
    {
        List<(string, byte[])> keys = [];
        using SqliteConnection connection = database.OpenWriter();
        using Statement read = new(connection, "SELECT name, sha256 FROM api_key ORDER BY id");
        while (read.Step())
        {
            keys.Add((read.Text(0), read.Blob(1).ToArray()));
        }

        return keys;
    }

    public void Put(string name, ReadOnlySpan<byte> hash, DateTimeOffset created)
    {
        using SqliteConnection connection = database.OpenWriter();
        using Statement write = new(connection, "INSERT INTO api_key (name, sha256, created) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET sha256 = ?2, created = ?3");
        write.Bind(0, name).Bind(1, hash).Bind(2, created.ToUnixTimeMilliseconds()).Step();
    }
}
