using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>Whether a version of the appliance can read what lies in a state folder. Writes nothing.</summary>
internal static class StateCheck
{
    /// <summary>A step of the database as one word: "rules/2".</summary>
    public static string Word(string feature, long number) => string.Create(CultureInfo.InvariantCulture, $"{feature}/{number}");

    /// <summary>Steps of a database that the version does not know, in order. Empty: it can read it, or there is none.</summary>
    /// <param name="path">The database.</param>
    /// <param name="known">The version's steps, as words.</param>
    /// <param name="damaged">It is no database any more: a start puts it aside.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static IReadOnlyList<string> Unknown(string path, IReadOnlySet<string> known, out bool damaged)
    {
        damaged = false;
        try
        {
            return File.Exists(path) ? Read(path, known) : [];
        }
        catch (SqliteException failure) when (Database.IsCorrupt(failure))
        {
            damaged = true;
            return [];
        }
        catch (SqliteException failure)
        {
            throw new StoreException(failure.Message, failure);
        }
    }

    private static List<string> Read(string path, IReadOnlySet<string> known)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using (Statement table = new(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'"))
        {
            // Version 0.1 counted in one list; every version since takes it over.
            if (!table.Step())
            {
                return [];
            }
        }

        List<string> unknown = [];
        using Statement read = new(connection, "SELECT feature, number FROM migration ORDER BY feature, number");
        while (read.Step())
        {
            string step = Word(read.Text(0), read.Int64(1));
            if (!known.Contains(step))
            {
                unknown.Add(step);
            }
        }

        return unknown;
    }
}
