using System.Text.Json;
using Blackwall.Kernel.Abi;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;

namespace Blackwall.Changes;

/// <summary>Keeps changes and the mode that was confirmed last. Every write is on the disk when it returns.</summary>
internal sealed class ChangeStore(Database database)
{
    /// <summary>Ended changes that are kept.</summary>
    private const int Kept = 200;

    /// <summary>Newest first; a store or a row that cannot be read gives nothing.</summary>
    public IReadOnlyList<PolicyChange> All()
    {
        List<PolicyChange> changes = [];
        try
        {
            using SqliteConnection connection = database.OpenWriter();
            using Statement read = new(connection, "SELECT id, body FROM change ORDER BY id DESC");
            while (read.Step())
            {
                if (Parse(read.Text(1)) is { } saved)
                {
                    changes.Add(saved.ToChange(read.Int64(0)));
                }
            }
        }
        catch (Exception failure) when (failure is SqliteException or FormatException)
        {
            return changes;
        }

        return changes;
    }

    /// <exception cref="SqliteException">The disk refused.</exception>
    public void Save(PolicyChange change)
    {
        using SqliteConnection connection = OpenDurable();
        using Statement write = new(connection, "INSERT INTO change (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = ?2");
        write.Bind(0, change.Id).Bind(1, JsonSerializer.Serialize(SavedChange.Of(change), SavedChangeJson.Default.SavedChange)).Step();
        using Statement prune = new(connection, "DELETE FROM change WHERE id <= ?");
        prune.Bind(0, change.Id - Kept).Step();
    }

    /// <summary>The mode that was confirmed last; null: none ever was.</summary>
    public EnforcementMode? Mode()
    {
        try
        {
            using SqliteConnection connection = database.OpenWriter();
            using Statement read = new(connection, "SELECT value FROM high_water WHERE name = 'mode'");
            return read.Step() && read.Int64(0) is (long)EnforcementMode.Observe or (long)EnforcementMode.Enforce ? (EnforcementMode)read.Int64(0) : null;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    /// <exception cref="SqliteException">The disk refused.</exception>
    public void SaveMode(EnforcementMode mode)
    {
        using SqliteConnection connection = OpenDurable();
        using Statement write = new(connection, "INSERT INTO high_water (name, value) VALUES ('mode', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1");
        write.Bind(0, (long)mode).Step();
    }

    // A change on trial has to be known after a crash and after a power cut.
    private SqliteConnection OpenDurable()
    {
        SqliteConnection connection = database.OpenWriter();
        using Statement full = new(connection, "PRAGMA synchronous = FULL");
        full.Step();
        return connection;
    }

    private static SavedChange? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, SavedChangeJson.Default.SavedChange);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
