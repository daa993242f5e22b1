namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Where an expression is evaluated: a row, the group that it stands for, and the query around it.</summary>
internal sealed class Scope(Evaluation evaluation, Layout layout, Scope? outer)
{
    public Evaluation Evaluation => evaluation;

    public Layout Layout => layout;

    public Scope? Outer => outer;

    public object?[] Row { get; set; } = [];

    /// <summary>Rows that aggregates count; null: there is no grouping.</summary>
    public IReadOnlyList<object?[]>? Group { get; set; }
}

/// <summary>A column of a row, and where it comes from.</summary>
/// <param name="Table">Alias by which it is known.</param>
internal sealed record Source(string Database, string Table, string OriginalTable, Column Column);

/// <summary>The columns of the rows of a query.</summary>
internal sealed class Layout(IReadOnlyList<Source> columns)
{
    public static Layout Empty { get; } = new([]);

    public IReadOnlyList<Source> Columns => columns;

    /// <summary>Columns that USING and NATURAL made one: the second of the two is not found by name alone.</summary>
    public HashSet<int> Hidden { get; } = [];

    /// <summary>-1: there is none.</summary>
    /// <exception cref="MySqlException">There is more than one.</exception>
    public int Find(ColumnName name, string clause)
    {
        int found = -1;
        for (int i = 0; i < columns.Count; i++)
        {
            Source source = columns[i];
            if (string.Equals(source.Column.Name, name.Name, StringComparison.OrdinalIgnoreCase)
                && (name.Table is null ? !Hidden.Contains(i) : string.Equals(source.Table, name.Table, StringComparison.OrdinalIgnoreCase))
                && (name.Database is null || string.Equals(source.Database, name.Database, StringComparison.OrdinalIgnoreCase)))
            {
                found = found < 0 ? i : throw new MySqlException(new MySqlError(1052, "23000", $"Column '{name.FullName}' in {clause} is ambiguous"));
            }
        }

        return found;
    }
}
