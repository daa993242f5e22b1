namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>An item of the list behind SELECT.</summary>
/// <param name="Star">* or, with a table, table.*.</param>
internal sealed record SelectItem(Expression? Expression, string? Name, bool Star, string? Table);

/// <summary>One SELECT.</summary>
internal sealed class Select
{
    private const int MostColumns = 4096;

    public IReadOnlyList<SelectItem> Items { get; init; } = [];

    public bool IsDistinct { get; init; }

    public bool IntoFile { get; set; }

    public TableSource? From { get; set; }

    public Expression? Where { get; set; }

    public IReadOnlyList<Expression> GroupBy { get; set; } = [];

    public Expression? Having { get; set; }

    internal static string KeyOf(object?[] row) => string.Join('\u0001', row.Select(value => value is null ? "\0" : Values.Text(value)));

    public Result Run(Evaluation evaluation, Scope? outer, IReadOnlyList<(Expression Expression, bool Descending)> order, int mostRows)
    {
        (Layout layout, IEnumerable<object?[]> rows) = From?.Open(evaluation, outer) ?? (Layout.Empty, [[]]);
        Scope scope = new(evaluation, layout, outer);
        List<(Expression Expression, string Name, Source? Source)> items = [.. Items.SelectMany(item => Expand(item, scope)).Take(MostColumns + 1)];
        if (items.Count > MostColumns)
        {
            throw new MySqlException(MySqlError.TooManyColumns);
        }

        Bind(Where, scope, "where clause");
        Dictionary<string, Expression> aliases = new(StringComparer.OrdinalIgnoreCase);
        foreach ((Expression expression, string name, _) in items)
        {
            aliases.TryAdd(name, expression);
        }

        Expression[] groupBy = [.. GroupBy.Select(by => Substitute(by, items, aliases, scope, "group statement"))];
        (Expression Expression, bool Descending)[] orderBy = [.. order.Select(by => (Substitute(by.Expression, items, aliases, scope, "order clause"), by.Descending))];
        Expression? having = Having is null ? null : SubstituteHaving(Having, aliases, scope);
        List<object?[]> kept = [];
        foreach (object?[] row in rows)
        {
            evaluation.Spend();
            scope.Row = row;
            if (Where is null || Values.Truth(Where.Evaluate(scope)) == true)
            {
                evaluation.Hold(row.Length);
                kept.Add(row);
            }
        }

        List<(object?[] Output, object?[] Keys)> results = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        bool isGrouped = groupBy.Length > 0 || items.Exists(item => HasAggregate(item.Expression)) || (having is not null && HasAggregate(having)) || Array.Exists(orderBy, by => HasAggregate(by.Expression));
        foreach ((object?[] row, IReadOnlyList<object?[]>? group) in isGrouped ? Groups(scope, kept, groupBy) : kept.Select(row => (row, (IReadOnlyList<object?[]>?)null)))
        {
            evaluation.Spend();
            (scope.Row, scope.Group) = (row, group);
            if (having is not null && Values.Truth(having.Evaluate(scope)) != true)
            {
                continue;
            }

            object?[] output = [.. items.Select(item => item.Expression.Evaluate(scope))];
            if (IsDistinct && !seen.Add(KeyOf(output)))
            {
                continue;
            }

            evaluation.Hold(output.Length + orderBy.Length);
            results.Add((output, Query.KeysOf(orderBy, scope, row, output)));
            if (results.Count > mostRows)
            {
                throw new MySqlException(MySqlError.TooMuch);
            }
        }

        IEnumerable<(object?[] Output, object?[] Keys)> sorted = orderBy.Length == 0 ? results : results.Order(Comparer<(object?[] Output, object?[] Keys)>.Create((a, b) => RowOrder.Compare(a.Keys, b.Keys, orderBy)));
        object?[][] outputs = [.. sorted.Select(result => result.Output)];
        return new Result([.. items.Select((item, i) => item.Source is { } source ? ResultColumn.From(item.Name, source) : ResultColumn.From(item.Name, outputs.Select(output => output[i])))], outputs);
    }

    private static IEnumerable<(object?[] Row, IReadOnlyList<object?[]>? Group)> Groups(Scope scope, List<object?[]> rows, Expression[] by)
    {
        if (by.Length == 0)
        {
            return [(rows.Count > 0 ? rows[0] : new object?[scope.Layout.Columns.Count], rows)];
        }

        Dictionary<string, List<object?[]>> groups = new(StringComparer.OrdinalIgnoreCase);
        foreach (object?[] row in rows)
        {
            scope.Row = row;
            string key = KeyOf([.. by.Select(expression => expression.Evaluate(scope))]);
            if (!groups.TryGetValue(key, out List<object?[]>? group))
            {
                groups[key] = group = [];
            }

            group.Add(row);
        }

        return groups.Values.Select(group => (group[0], (IReadOnlyList<object?[]>?)group));
    }

    private static IEnumerable<(Expression Expression, string Name, Source? Source)> Expand(SelectItem item, Scope scope)
    {
        if (!item.Star)
        {
            Bind(item.Expression, scope, "field list");
            return [(item.Expression!, item.Name!, item.Expression is ColumnName column ? column.Resolve(scope, "field list") : null)];
        }

        int[] all = [.. Enumerable.Range(0, scope.Layout.Columns.Count).Where(i => item.Table is null ? !scope.Layout.Hidden.Contains(i) : string.Equals(scope.Layout.Columns[i].Table, item.Table, StringComparison.OrdinalIgnoreCase))];
        if (all.Length == 0)
        {
            throw new MySqlException(item.Table is null ? new MySqlError(1096, "HY000", "No tables used") : new MySqlError(1051, "42S02", $"Unknown table '{item.Table}'"));
        }

        return all.Select(i => ((Expression)new Position(i), scope.Layout.Columns[i].Column.Name, (Source?)scope.Layout.Columns[i]));
    }

    // A number is a place in the list, a name may be an alias.
    private static Expression Substitute(Expression by, List<(Expression Expression, string Name, Source? Source)> items, Dictionary<string, Expression> aliases, Scope scope, string clause)
    {
        switch (by)
        {
            case Literal { Value: long position }:
                return position >= 1 && position <= items.Count ? items[(int)position - 1].Expression : throw new MySqlException(MySqlError.UnknownColumn(position.ToString(System.Globalization.CultureInfo.InvariantCulture), clause));
            case ColumnName { Table: null } name when aliases.TryGetValue(name.Name, out Expression? aliased):
                return aliased;
            default:
                Bind(by, scope, clause);
                return by;
        }
    }

    private static Expression SubstituteHaving(Expression having, Dictionary<string, Expression> aliases, Scope scope)
    {
        foreach (ColumnName name in having.Walk().OfType<ColumnName>())
        {
            if (name.Table is null && aliases.TryGetValue(name.Name, out Expression? aliased))
            {
                name.Alias = aliased;
            }
            else
            {
                name.Resolve(scope, "having clause");
            }
        }

        return having;
    }

    private static void Bind(Expression? expression, Scope scope, string clause)
    {
        foreach (ColumnName name in expression?.Walk().OfType<ColumnName>() ?? [])
        {
            name.Resolve(scope, clause);
        }
    }

    private static bool HasAggregate(Expression expression) => expression.Walk().Any(part => part is Aggregate);

    // A column by its place, for *.
    private sealed class Position(int index) : Expression
    {
        protected override object? Compute(Scope scope) => scope.Row[index];
    }
}
