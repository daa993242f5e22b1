using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
            using Statement read = new(connection, "SELECT id, wanted, course FROM change ORDER BY id DESC");
            while (read.Step())
            {
                if (Parse(read.Text(1), SavedChangeJson.Default.SavedChange) is { } wanted && Parse(read.Text(2), SavedChangeJson.Default.SavedCourse) is { } course)
                {
                    changes.Add(wanted.ToChange(read.Int64(0), course));
                }
            }
        }
        catch (Exception failure) when (failure is SqliteException or FormatException)
        {
            return changes;
        }

        return changes;
    }

    /// <summary>A new change. Null: it is stored. Else why not.</summary>
    public string? TryAdd(PolicyChange change) => Try(connection =>
    {
        using Statement write = new(connection, "INSERT INTO change (id, wanted, course) VALUES (?, ?, ?)");
        write.Bind(0, change.Id)
            .Bind(1, JsonSerializer.Serialize(SavedChange.Of(change), SavedChangeJson.Default.SavedChange))
            .Bind(2, JsonSerializer.Serialize(SavedCourse.Of(change), SavedChangeJson.Default.SavedCourse))
            .Step();
        using Statement prune = new(connection, "DELETE FROM change WHERE id <= ?");
        prune.Bind(0, change.Id - Kept).Step();
    });

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

    /// <summary>How far a change has come on the board that the store holds (see MadeMark and UndoneMark of the board); null: not known.</summary>
    public long? Course()
    {
        try
        {
            using SqliteConnection connection = database.OpenReader();
            using Statement read = new(connection, "SELECT value FROM high_water WHERE name = 'change'");
            return read.Step() ? read.Int64(0) : null;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    /// <summary>The course of a change that is stored. Null: it is stored. Else why not.</summary>
    public string? TryUpdate(PolicyChange change) => Try(connection =>
    {
        using Statement write = new(connection, "UPDATE change SET course = ? WHERE id = ?");
        write.Bind(0, JsonSerializer.Serialize(SavedCourse.Of(change), SavedChangeJson.Default.SavedCourse)).Bind(1, change.Id).Step();
    });

    /// <summary>Null: it is stored. Else why not.</summary>
    public string? TrySaveMode(EnforcementMode mode) => Try(connection =>
    {
        using Statement write = new(connection, "INSERT INTO high_water (name, value) VALUES ('mode', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1");
        write.Bind(0, (long)mode).Step();
    });

    private string? Try(Action<SqliteConnection> write)
    {
        try
        {
            using SqliteConnection connection = database.OpenWriter();
            write(connection);
            return null;
        }
        catch (SqliteException failure)
        {
            return failure.Message;
        }
    }

    private static T? Parse<T>(string body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
