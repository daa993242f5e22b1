namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>One or more SELECT with UNION between them, in an order, cut to a number.</summary>
internal sealed class Query(IReadOnlyList<(Select Select, bool All)> parts, IReadOnlyList<(Expression Expression, bool Descending)> order, Expression? limit, Expression? offset)
{
    private const int MostRows = 200_000;

    /// <summary>INTO OUTFILE or DUMPFILE.</summary>
    public bool IntoFile { get; init; }

    /// <param name="outer">Of a subquery: the row around it.</param>
    public Result Run(Evaluation evaluation, Scope? outer)
    {
        evaluation.EnterQuery();
        Result result = parts.Count == 1 ? parts[0].Select.Run(evaluation, outer, order, MostRows) : RunUnion(evaluation, outer);
        evaluation.LeaveQuery();
        long skip = Count(offset, evaluation, 0), most = Count(limit, evaluation, MostRows);
        return skip == 0 && most >= result.Rows.Count ? result : result with { Rows = [.. result.Rows.Skip((int)Math.Min(skip, MostRows)).Take((int)Math.Min(most, MostRows))] };
    }

    private Result RunUnion(Evaluation evaluation, Scope? outer)
    {
        Result first = parts[0].Select.Run(evaluation, outer, [], MostRows);
        List<object?[]> rows = [.. first.Rows];
        foreach ((Select select, bool all) in parts.Skip(1))
        {
            Result next = select.Run(evaluation, outer, [], MostRows);
            if (next.Columns.Count != first.Columns.Count)
            {
                throw new MySqlException(new MySqlError(1222, "21000", "The used SELECT statements have a different number of columns"));
            }

            rows.AddRange(next.Rows);
            evaluation.Spend(rows.Count + 1);
            if (!all)
            {
                HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
                rows.RemoveAll(row => !seen.Add(Select.KeyOf(row)));
            }

            if (rows.Count > MostRows)
            {
                throw new MySqlException(MySqlError.TooMuch);
            }
        }

        ResultColumn[] columns = [.. first.Columns.Select((column, i) => ResultColumn.From(column.Name, rows.Select(row => row[i])))];
        if (order.Count > 0)
        {
            Scope scope = new(evaluation, new Layout([.. columns.Select(column => new Source("", "", "", new Column(column.Name, "varchar(255)")))]), outer);
            rows = Sort(rows, row => Keys(scope, row, row));
        }

        return new Result(columns, rows);
    }

    private object?[] Keys(Scope scope, object?[] row, object?[] output) => KeysOf(order, scope, row, output);

    internal static object?[] KeysOf(IReadOnlyList<(Expression Expression, bool Descending)> order, Scope scope, object?[] row, object?[] output)
    {
        scope.Row = row;
        return
        [
            .. order.Select(by => by.Expression is Literal { Value: long position }
                ? position >= 1 && position <= output.Length ? output[position - 1] : throw new MySqlException(MySqlError.UnknownColumn(position.ToString(System.Globalization.CultureInfo.InvariantCulture), "order clause"))
                : by.Expression.Evaluate(scope)),
        ];
    }

    private List<object?[]> Sort(List<object?[]> rows, Func<object?[], object?[]> keys)
    {
        List<(object?[] Row, object?[] Keys, int Index)> sorted = [.. rows.Select((row, i) => (row, keys(row), i))];
        sorted.Sort((a, b) => RowOrder.Compare(a.Keys, b.Keys, order) is var compared and not 0 ? compared : a.Index.CompareTo(b.Index));
        return [.. sorted.Select(entry => entry.Row)];
    }

    private static long Count(Expression? expression, Evaluation evaluation, long otherwise) =>
        expression is null ? otherwise : Math.Max(0, Values.Integer(expression.Evaluate(new Scope(evaluation, Layout.Empty, null))));
}
