using System.Collections.Immutable;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>A table; never changed, only replaced by one that differs.</summary>
internal sealed record Table(string Name, IReadOnlyList<Column> Columns)
{
    public ImmutableList<object?[]> Rows { get; init; } = [];

    /// <summary>Keys as in SHOW CREATE TABLE, a line each: "PRIMARY KEY (`ID`)".</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    public string Engine { get; init; } = "InnoDB";

    public string Collation { get; init; } = "utf8mb4_0900_ai_ci";

    /// <summary>"BASE TABLE", "SYSTEM VIEW" or "VIEW".</summary>
    public string Kind { get; init; } = "BASE TABLE";

    public DateTimeOffset Created { get; init; }

    public long NextId { get; init; } = 1;

    public bool HasAutoIncrement => Columns.Any(column => column.AutoIncrement);

    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
