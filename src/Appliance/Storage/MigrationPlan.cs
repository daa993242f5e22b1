using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>
/// The steps of every feature, and which of them a database has. A step is remembered by its feature and number, so a feature that is merged
/// later runs its steps whatever others ran before.
/// </summary>
public sealed class MigrationPlan
{
    /// <summary>PRAGMA user_version of a database that remembers its steps by feature; above every number of the one list before.</summary>
    private const long ByFeature = 100;

    private readonly IReadOnlyList<(string Feature, Migration Step)> _steps;

    /// <param name="steps">In the order in which a new database takes them.</param>
    /// <exception cref="ArgumentException">A feature has two steps of one number, or has them out of order.</exception>
    public MigrationPlan(IEnumerable<(string Feature, Migration Step)> steps)
    {
        _steps = [.. steps];
        foreach (IGrouping<string, Migration> feature in _steps.GroupBy(step => step.Feature, step => step.Step, StringComparer.Ordinal))
        {
            if (feature.Zip(feature.Skip(1)).Any(pair => pair.First.Number >= pair.Second.Number))
            {
                throw new ArgumentException($"The migrations of '{feature.Key}' do not count up.", nameof(steps));
            }
        }
    }

    /// <summary>Brings a database up to date, each step in a transaction of its own.</summary>
    /// <exception cref="NewerStateException">It has steps that this version does not know; nothing was changed.</exception>
    internal void Run(SqliteConnection connection)
    {
        long version = Number(connection, "PRAGMA user_version");
        if (version < ByFeature)
        {
            Adopt(connection, version);
        }

        HashSet<(string, long)> known = [.. _steps.Select(step => (step.Feature, (long)step.Step.Number))];
        HashSet<(string, long)> taken = Taken(connection);
        if (taken.Except(known).OrderBy(step => step).ToArray() is [(string feature, long number), ..])
        {
            throw new NewerStateException(string.Create(CultureInfo.InvariantCulture, $"The state folder was written by a newer version (step {number} of '{feature}'); start that version again, or give this one a state folder of its own."));
        }

        foreach ((string name, Migration step) in _steps.Where(step => !taken.Contains((step.Feature, step.Step.Number))))
        {
            Apply(connection, name, step);
        }
    }

    // A database of the time before has the steps up to its number, under their former numbers.
    private void Adopt(SqliteConnection connection, long version)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        Database.Run(connection, "CREATE TABLE IF NOT EXISTS migration (feature TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (feature, number)) STRICT, WITHOUT ROWID");
        foreach ((string feature, Migration step) in _steps.Where(step => step.Step.Former > 0 && step.Step.Former <= version))
        {
            Remember(connection, feature, step.Number);
        }

        Database.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {ByFeature}"));
        transaction.Commit();
    }

    private static void Apply(SqliteConnection connection, string feature, Migration step)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.Transaction = transaction;
#pragma warning disable CA2100 // The text is a resource of a feature's assembly.
            command.CommandText = step.Sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        Remember(connection, feature, step.Number);
        transaction.Commit();
    }

    private static void Remember(SqliteConnection connection, string feature, long number)
    {
        using Statement remember = new(connection, "INSERT INTO migration (feature, number) VALUES (?,?)");
        remember.Bind(0, feature).Bind(1, number).Step();
    }

    private static HashSet<(string Feature, long Number)> Taken(SqliteConnection connection)
    {
        HashSet<(string, long)> taken = [];
        using Statement read = new(connection, "SELECT feature, number FROM migration");
        while (read.Step())
        {
            taken.Add((read.Text(0), read.Int64(1)));
        }

        return taken;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using Statement read = new(connection, sql);
        return read.Step() ? read.Int64(0) : 0;
    }
}
