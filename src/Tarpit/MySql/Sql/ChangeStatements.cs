using System.Collections.Immutable;
using System.Globalization;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>INSERT, REPLACE, UPDATE, DELETE and TRUNCATE on the copy of the databases that this client sees.</summary>
internal sealed class ChangeStatements(Evaluation evaluation, TokenStream tokens, ExpressionParser expressions)
{
    private const int RowOverhead = 64;
    private const int MostRowsOfTable = 100_000;

    public Result Run()
    {
        string verb = tokens.Next().Text.ToUpperInvariant();
        bool isIgnored = false;
        while (tokens.TryWords("LOW_PRIORITY") || tokens.TryWords("DELAYED") || tokens.TryWords("HIGH_PRIORITY") || tokens.TryWords("QUICK") || (tokens.Current.IsWord("IGNORE") && (isIgnored = tokens.TryWords("IGNORE"))))
        {
            // All of them may stand there.
        }

        return verb switch
        {
            "INSERT" or "REPLACE" => Insert(verb, isIgnored),
            "UPDATE" => Update(),
            "DELETE" => Delete(),
            _ => Truncate(),
        };
    }

    private Result Insert(string verb, bool isIgnored)
    {
        tokens.TryWords("INTO");
        (string database, Table table) = ReadTable(verb);
        List<int> columns = [];
        List<object?[]> values = [];
        if (tokens.TryWords("SET"))
        {
            List<object?> row = [];
            do
            {
                columns.Add(ColumnOf(table, tokens.Name()));
                tokens.ExpectSymbol("=");
                row.Add(Value(table, columns[^1]));
            }
            while (tokens.TrySymbol(","));
            values.Add([.. row]);
        }
        else
        {
            ReadColumns(table, columns);
            ReadValues(table, columns, values);
        }

        List<(int Column, Expression Value)> onDuplicate = [];
        if (tokens.TryWords("ON", "DUPLICATE", "KEY", "UPDATE"))
        {
            do
            {
                int column = ColumnOf(table, tokens.Name());
                tokens.ExpectSymbol("=");
                onDuplicate.Add((column, expressions.Read()));
            }
            while (tokens.TrySymbol(","));
        }

        tokens.ExpectEnd();
        return Store(database, table, columns, values, verb is "REPLACE", isIgnored, onDuplicate);
    }

    private void ReadColumns(Table table, List<int> columns)
    {
        if (tokens.Current.IsSymbol("(") && !tokens.Following.IsWord("SELECT"))
        {
            tokens.Next();
            while (!tokens.TrySymbol(")"))
            {
                columns.Add(ColumnOf(table, tokens.Name()));
                if (!tokens.TrySymbol(",") && !tokens.Current.IsSymbol(")"))
                {
                    throw tokens.Wrong();
                }
            }
        }

        if (columns.Count == 0)
        {
            columns.AddRange(Enumerable.Range(0, table.Columns.Count));
        }
    }

    private void ReadValues(Table table, List<int> columns, List<object?[]> values)
    {
        if (!tokens.TryWords("VALUES") && !tokens.TryWords("VALUE"))
        {
            values.AddRange(new QueryParser(tokens, expressions).Read().Run(evaluation, null).Rows);
        }
        else
        {
            do
            {
                tokens.ExpectSymbol("(");
                List<object?> row = [];
                while (!tokens.TrySymbol(")"))
                {
                    row.Add(Value(table, columns[Math.Min(row.Count, columns.Count - 1)]));
                    if (!tokens.TrySymbol(",") && !tokens.Current.IsSymbol(")"))
                    {
                        throw tokens.Wrong();
                    }
                }

                values.Add(row.Count == 0 && columns.Count == table.Columns.Count ? [.. columns.Select(i => Default(table.Columns[i]))] : [.. row]);
            }
            while (tokens.TrySymbol(","));
        }

        int wrong = values.FindIndex(row => row.Length != columns.Count);
        if (wrong >= 0)
        {
            throw new MySqlException(new MySqlError(1136, "21S01", string.Create(CultureInfo.InvariantCulture, $"Column count doesn't match value count at row {wrong + 1}")));
        }
    }

    private object? Value(Table table, int column) => tokens.TryWords("DEFAULT") ? Default(table.Columns[column]) : expressions.Read().Evaluate(new Scope(evaluation, Layout.Empty, null));

    private Result Store(string database, Table table, List<int> columns, List<object?[]> values, bool replaces, bool isIgnored, List<(int Column, Expression Value)> onDuplicate)
    {
        ImmutableList<object?[]>.Builder rows = table.Rows.ToBuilder();
        Scope scope = new(evaluation, LayoutOf(database, table), null);
        int automatic = table.Columns.ToList().FindIndex(column => column.AutoIncrement);
        long nextId = table.NextId, firstId = 0, affected = 0, added = 0;
        int[] keys = [.. Enumerable.Range(0, table.Columns.Count).Where(i => table.Columns[i].Key is "UNI" || (table.Columns[i].Key is "PRI" && table.Columns.Count(column => column.Key is "PRI") == 1))];
        foreach (object?[] given in values)
        {
            object?[] row = [.. table.Columns.Select(Default)];
            for (int i = 0; i < columns.Count; i++)
            {
                row[columns[i]] = Fit(table.Columns[columns[i]], given[i]);
            }

            if (automatic >= 0 && (row[automatic] is null || Values.Number(row[automatic]) == 0))
            {
                row[automatic] = nextId;
                firstId = firstId == 0 ? nextId : firstId;
            }

            nextId = automatic >= 0 ? Math.Max(nextId, Values.Integer(row[automatic]) + 1) : nextId;
            evaluation.Spend(1 + (keys.Length * rows.Count / 8));
            int taken = Array.FindIndex(keys, key => rows.Exists(existing => Values.Compare(existing[key], row[key]) == 0)), duplicate = taken < 0 ? -1 : keys[taken];
            if (duplicate < 0)
            {
                affected++;
            }
            else if (replaces)
            {
                affected += 2;
                rows.RemoveAll(existing => Values.Compare(existing[duplicate], row[duplicate]) == 0);
            }
            else if (onDuplicate.Count > 0)
            {
                int at = rows.FindIndex(existing => Values.Compare(existing[duplicate], row[duplicate]) == 0);
                scope.Row = rows[at];
                object?[] changed = [.. rows[at]];
                onDuplicate.ForEach(change => changed[change.Column] = Fit(table.Columns[change.Column], change.Value.Evaluate(scope)));
                rows[at] = changed;
                affected += 2;
                continue;
            }
            else if (isIgnored)
            {
                continue;
            }
            else
            {
                throw new MySqlException(new MySqlError(1062, "23000", $"Duplicate entry '{Values.Text(row[duplicate])}' for key '{table.Name}.{(table.Columns[duplicate].Key is "PRI" ? "PRIMARY" : table.Columns[duplicate].Name)}'"));
            }

            CheckNulls(table, row);
            added += SizeOf(row);
            rows.Add(row);
            if (rows.Count > MostRowsOfTable)
            {
                throw new MySqlException(new MySqlError(1114, "HY000", $"The table '{table.Name}' is full"));
            }
        }

        evaluation.Session.Copy.SetRows(database, table.Name, rows.ToImmutable(), nextId, added);
        return Result.Done with
        {
            Affected = affected,
            InsertId = firstId,
            Info = values.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"Records: {values.Count}  Duplicates: {values.Count - affected}  Warnings: 0") : "",
        };
    }

    private Result Update()
    {
        (string database, Table table) = ReadTable("UPDATE");
        string alias = tokens.Current.IsWord("SET") ? table.Name : tokens.Alias() ?? table.Name;
        tokens.ExpectWords("SET");
        List<(int Column, Expression Value)> changes = [];
        do
        {
            string name = tokens.Name();
            while (tokens.TrySymbol("."))
            {
                name = tokens.Name();
            }

            tokens.ExpectSymbol("=");
            changes.Add((ColumnOf(table, name), tokens.TryWords("DEFAULT") ? new Literal(Default(table.Columns[ColumnOf(table, name)])) : expressions.Read()));
        }
        while (tokens.TrySymbol(","));
        Scope scope = new(evaluation, LayoutOf(database, table, alias), null);
        HashSet<int> matching = ReadMatching(table, scope);
        ImmutableList<object?[]>.Builder rows = table.Rows.ToBuilder();
        long changedRows = 0, added = 0;
        foreach (int index in matching.Order())
        {
            object?[] changed = [.. rows[index]];
            scope.Row = changed;
            foreach ((int column, Expression value) in changes)
            {
                changed[column] = Fit(table.Columns[column], value.Evaluate(scope));
            }

            CheckNulls(table, changed);
            if (!changed.Zip(rows[index]).All(pair => Values.Order(pair.First, pair.Second) == 0))
            {
                changedRows++;
                added += Math.Max(0, SizeOf(changed) - SizeOf(rows[index]));
            }

            rows[index] = changed;
        }

        evaluation.Session.Copy.SetRows(database, table.Name, rows.ToImmutable(), table.NextId, added);
        return Result.Done with { Affected = changedRows, Info = string.Create(CultureInfo.InvariantCulture, $"Rows matched: {matching.Count}  Changed: {changedRows}  Warnings: 0") };
    }

    private Result Delete()
    {
        tokens.ExpectWords("FROM");
        (string database, Table table) = ReadTable("DELETE");
        HashSet<int> matching = ReadMatching(table, new Scope(evaluation, LayoutOf(database, table), null));
        evaluation.Session.Copy.SetRows(database, table.Name, [.. table.Rows.Where((_, i) => !matching.Contains(i))], table.NextId, 0);
        return Result.Done with { Affected = matching.Count };
    }

    private Result Truncate()
    {
        tokens.TryWords("TABLE");
        (string database, Table table) = ReadTable("DROP");
        tokens.ExpectEnd();
        evaluation.Session.Copy.SetRows(database, table.Name, [], 1, 0);
        return Result.Done;
    }

    // WHERE, ORDER BY and LIMIT of a change: the places of the rows that it is for.
    private HashSet<int> ReadMatching(Table table, Scope scope)
    {
        Expression? where = tokens.TryWords("WHERE") ? expressions.Read() : null;
        List<(Expression Expression, bool Descending)> order = tokens.TryWords("ORDER", "BY") ? expressions.ReadOrder() : [];
        Expression? limit = new QueryParser(tokens, expressions).ReadLimit().Limit;
        tokens.ExpectEnd();
        foreach (ColumnName name in where?.Walk().OfType<ColumnName>() ?? [])
        {
            name.Resolve(scope, "where clause");
        }

        List<(int Index, object?[] Keys)> found = [];
        int at = 0;
        foreach (object?[] row in table.Rows)
        {
            evaluation.Spend();
            scope.Row = row;
            if (where is null || Values.Truth(where.Evaluate(scope)) == true)
            {
                found.Add((at, [.. order.Select(by => by.Expression.Evaluate(scope))]));
            }

            at++;
        }

        found.Sort((a, b) => RowOrder.Compare(a.Keys, b.Keys, order) is var compared and not 0 ? compared : a.Index.CompareTo(b.Index));
        int most = limit is null ? int.MaxValue : (int)Math.Clamp(Values.Integer(limit.Evaluate(scope)), 0, int.MaxValue);
        return [.. found.Take(most).Select(match => match.Index)];
    }

    private (string Database, Table Table) ReadTable(string command)
    {
        (string? database, string name) = tokens.QualifiedName();
        (string found, Table table) = evaluation.Session.FindTable(database, name, command);
        if (table.Kind is not "BASE TABLE" || Catalog.SystemDatabases.Contains(found, StringComparer.OrdinalIgnoreCase))
        {
            throw found is "mysql" ? new MySqlException(new MySqlError(1105, "HY000", $"Access to system table '{found}.{table.Name}' is rejected."))
                : new MySqlException(new MySqlError(1044, "42000", $"Access denied for user '{evaluation.Session.User}'@'{evaluation.Session.GrantHost}' to database '{found}'"));
        }

        return (found, table);
    }

    private static int ColumnOf(Table table, string name) => table.IndexOf(name) is >= 0 and var index ? index : throw new MySqlException(MySqlError.UnknownColumn(name, "field list"));

    private static Layout LayoutOf(string database, Table table, string? alias = null) => new([.. table.Columns.Select(column => new Source(database, alias ?? table.Name, table.Name, column))]);

    private object? Default(Column column) => column.Default is null ? column.NotNull && !column.AutoIncrement ? Empty(column) : null
        : column.Default.StartsWith("CURRENT_TIMESTAMP", StringComparison.OrdinalIgnoreCase) ? evaluation.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : Fit(column, column.Default);

    private static object Empty(Column column) => column.IsNumeric ? 0L : column.Type is ColumnType.DateTime or ColumnType.Timestamp ? "0000-00-00 00:00:00" : column.Type is ColumnType.Date ? "0000-00-00" : "";

    private static void CheckNulls(Table table, object?[] row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] is null && table.Columns[i].NotNull)
            {
                throw new MySqlException(new MySqlError(1048, "23000", $"Column '{table.Columns[i].Name}' cannot be null"));
            }
        }
    }

    private static object? Fit(Column column, object? value)
    {
        if (value is null)
        {
            return null;
        }

        if (column.Type is ColumnType.Tiny or ColumnType.Short or ColumnType.Long or ColumnType.Int24 or ColumnType.LongLong or ColumnType.Year)
        {
            return value is string text && text.Length > 0 && !char.IsAsciiDigit(text.TrimStart(' ', '-', '+').FirstOrDefault('x'))
                ? throw new MySqlException(new MySqlError(1366, "HY000", $"Incorrect integer value: '{(text.Length > 64 ? text[..64] : text)}' for column '{column.Name}' at row 1"))
                : Values.Integer(value);
        }

        if (column.Type is ColumnType.Double or ColumnType.Float)
        {
            return Values.Number(value);
        }

        if (column.Type is ColumnType.NewDecimal)
        {
            return Math.Round((decimal)Math.Clamp(Values.Number(value), -7e27, 7e27), Math.Clamp(column.Decimals, 0, 20), MidpointRounding.AwayFromZero);
        }

        if (column.IsBinary)
        {
            return Values.Bytes(value);
        }

        string fitted = Values.Text(value)!;
        return column.Size > 0 && fitted.Length > column.Size && column.Type is ColumnType.VarString or ColumnType.String && column.BaseType is not ("enum" or "set")
            ? throw new MySqlException(new MySqlError(1406, "22001", $"Data too long for column '{column.Name}' at row 1")) : fitted;
    }

    private static long SizeOf(object?[] row) => RowOverhead + row.Sum(value => value switch { null => 8L, string text => 24 + (text.Length * 2), byte[] bytes => 24 + bytes.Length, _ => 24 });
}
