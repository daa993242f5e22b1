using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Blackwall.Kernel.Abi;
using Blackwall.Storage;

namespace Blackwall.Changes;

/// <summary>Keeps changes and the mode that was confirmed last. Every write is on the disk when its task completes.</summary>
internal sealed class ChangeStore(Database database, StoreQueue queue)
{
    /// <summary>Ended changes that are kept.</summary>
    private const int Kept = 200;

    /// <summary>Newest first; a store or a row that cannot be read gives nothing.</summary>
    public IReadOnlyList<PolicyChange> All()
    {
        List<PolicyChange> changes = [];
        try
        {
            database.Read(connection =>
            {
                using Statement read = new(connection, "SELECT id, wanted, course FROM change ORDER BY id DESC");
                while (read.Step())
                {
                    if (Parse(read.Text(1), SavedChangeJson.Default.SavedChange) is { } wanted && Parse(read.Text(2), SavedChangeJson.Default.SavedCourse) is { } course)
                    {
                        changes.Add(wanted.ToChange(read.Int64(0), course));
                    }
                }

                return true;
            });
        }
        catch (Exception failure) when (failure is StoreException or FormatException)
        {
            return changes;
        }

        return changes;
    }

    /// <summary>A new change.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task AddAsync(PolicyChange change) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "INSERT INTO change (id, wanted, course) VALUES (?, ?, ?)");
        write.Bind(0, change.Id)
            .Bind(1, JsonSerializer.Serialize(SavedChange.From(change), SavedChangeJson.Default.SavedChange))
            .Bind(2, JsonSerializer.Serialize(SavedCourse.From(change), SavedChangeJson.Default.SavedCourse))
            .Step();
        using Statement prune = new(transaction.Connection, "DELETE FROM change WHERE id <= ?");
        prune.Bind(0, change.Id - Kept).Step();
    });

    /// <summary>The mode that was confirmed last; null: none ever was.</summary>
    public EnforcementMode? Mode() => Mark("mode") switch
    {
        (long)EnforcementMode.Observe => EnforcementMode.Observe,
        (long)EnforcementMode.Enforce => EnforcementMode.Enforce,
        _ => null,
    };

    /// <summary>What the configuration said when that was confirmed; null: not known.</summary>
    public long? ConfiguredMode() => Mark("mode_configured");

    /// <summary>How far a change has come on the board that the store holds (see MadeMark and UndoneMark of the board); null: not known.</summary>
    public long? Course() => Mark("change");

    /// <summary>The course of a change that is stored.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task UpdateAsync(PolicyChange change) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "UPDATE change SET course = ? WHERE id = ?");
        write.Bind(0, JsonSerializer.Serialize(SavedCourse.From(change), SavedChangeJson.Default.SavedCourse)).Bind(1, change.Id).Step();
    });

    /// <param name="mode">Confirmed.</param>
    /// <param name="configured">What the configuration says at this time (<see cref="ModeAtStart.Mark"/>).</param>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task SaveModeAsync(EnforcementMode mode, long configured) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "INSERT INTO high_water (name, value) VALUES ('mode', ?1), ('mode_configured', ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
        write.Bind(0, (long)mode).Bind(1, configured).Step();
    });

    private long? Mark(string name)
    {
        try
        {
            return database.Read(connection =>
            {
                using Statement read = new(connection, "SELECT value FROM high_water WHERE name = ?");
                return read.Bind(0, name).Step() ? read.Int64(0) : (long?)null;
            });
        }
        catch (StoreException)
        {
            return null;
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
