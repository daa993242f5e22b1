namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>What stands behind FROM.</summary>
internal abstract class TableSource
{
    /// <summary>Tables in it; a query in parentheses is one.</summary>
    public virtual int Tables => 1;

    public abstract (Layout Layout, IEnumerable<object?[]> Rows) Open(Evaluation evaluation, Scope? outer);
}

/// <summary>A table by its name.</summary>
internal sealed class NamedTable(string? database, string name, string alias) : TableSource
{
    public string? Database => database;

    public string Name => name;

    public string Alias => alias;

    public override (Layout Layout, IEnumerable<object?[]> Rows) Open(Evaluation evaluation, Scope? outer)
    {
        (string found, Table table) = evaluation.Session.FindTable(database, name);
        return (new Layout([.. table.Columns.Select(column => new Source(found, alias, table.Name, column))]), table.Rows);
    }
}

/// <summary>A query in parentheses.</summary>
internal sealed class DerivedTable(Query query, string alias) : TableSource
{
    public Query Query => query;

    public override (Layout Layout, IEnumerable<object?[]> Rows) Open(Evaluation evaluation, Scope? outer)
    {
        Result result = query.Run(evaluation, outer);
        return (new Layout([.. result.Columns.Select(column => new Source("", alias, "", new Column(column.Name, Definition(column))))]), result.Rows);
    }

    private static string Definition(ResultColumn column) => column.Type switch
    {
        ColumnType.LongLong or ColumnType.Long or ColumnType.Tiny => "bigint",
        ColumnType.Double => "double",
        ColumnType.NewDecimal => "decimal(32,4)",
        ColumnType.DateTime or ColumnType.Timestamp => "datetime",
        _ => column.IsBinary ? "varbinary(255)" : "varchar(255)",
    };
}

/// <summary>How rows without a partner are dealt with.</summary>
internal enum JoinKind
{
    Inner,
    Left,
    Right,
}

/// <summary>Two sources side by side.</summary>
internal sealed class Join(TableSource left, TableSource right, JoinKind kind, Expression? on, IReadOnlyList<string> columns) : TableSource
{
    public bool IsNatural { get; init; }

    public override int Tables { get; } = left.Tables + right.Tables;

    public override (Layout Layout, IEnumerable<object?[]> Rows) Open(Evaluation evaluation, Scope? outer)
    {
        (Layout a, IEnumerable<object?[]> leftRows) = left.Open(evaluation, outer);
        (Layout b, IEnumerable<object?[]> rightRows) = right.Open(evaluation, outer);
        Layout both = new([.. a.Columns, .. b.Columns]);
        List<(int Left, int Right)> equal = [];
        foreach (string column in IsNatural ? a.Columns.Select(c => c.Column.Name).Where(name => b.Columns.Any(c => string.Equals(c.Column.Name, name, StringComparison.OrdinalIgnoreCase))) : columns)
        {
            ColumnName name = new(null, null, column);
            (int first, int second) = (a.Find(name, "from clause"), b.Find(name, "from clause"));
            if (first < 0 || second < 0)
            {
                throw new MySqlException(MySqlError.UnknownColumn(column, "from clause"));
            }

            equal.Add((first, a.Columns.Count + second));
            both.Hidden.Add(a.Columns.Count + second);
        }

        Scope scope = new(evaluation, both, outer);
        foreach (ColumnName name in on?.Walk().OfType<ColumnName>() ?? [])
        {
            name.Resolve(scope, "on clause");
        }

        return (both, Combine(scope, [.. leftRows], [.. rightRows], a.Columns.Count, b.Columns.Count, equal));
    }

    private IEnumerable<object?[]> Combine(Scope scope, object?[][] leftRows, object?[][] rightRows, int leftWidth, int rightWidth, List<(int Left, int Right)> equal)
    {
        bool[] matchedRight = new bool[rightRows.Length];
        foreach (object?[] first in leftRows)
        {
            bool matched = false;
            for (int i = 0; i < rightRows.Length; i++)
            {
                scope.Evaluation.Spend();
                object?[] row = [.. first, .. rightRows[i]];
                scope.Row = row;
                if (equal.TrueForAll(pair => Values.Compare(row[pair.Left], row[pair.Right]) == 0) && (on is null || Values.Truth(on.Evaluate(scope)) == true))
                {
                    matched = matchedRight[i] = true;
                    scope.Evaluation.Hold(row.Length);
                    yield return row;
                }
            }

            if (!matched && kind is JoinKind.Left)
            {
                yield return [.. first, .. new object?[rightWidth]];
            }
        }

        for (int i = 0; i < rightRows.Length && kind is JoinKind.Right; i++)
        {
            if (!matchedRight[i])
            {
                yield return [.. new object?[leftWidth], .. rightRows[i]];
            }
        }
    }
}
