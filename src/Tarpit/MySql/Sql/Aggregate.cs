using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>COUNT, SUM and the like: one value of a group of rows.</summary>
internal sealed class Aggregate(string name, IReadOnlyList<Expression> arguments, bool isDistinct, IReadOnlyList<(Expression Expression, bool Descending)> order, string separator) : Expression
{
    private const int LongestConcatenation = 1024;

    // What is in it belongs to the rows, not to the group.
    public override IReadOnlyList<Expression> Parts => arguments;

    protected override object? Compute(Scope scope)
    {
        IReadOnlyList<object?[]> group = scope.Group ?? throw new MySqlException(new MySqlError(1111, "HY000", "Invalid use of group function"));
        if (name is "COUNT" && arguments.Count == 0)
        {
            return (long)group.Count;
        }

        List<object?[]> values = Read(scope, group);
        return name switch
        {
            "COUNT" => (long)values.Count,
            "MIN" => values.Count == 0 ? null : values.Select(v => v[0]).Aggregate((a, b) => Values.Order(a, b) <= 0 ? a : b),
            "MAX" => values.Count == 0 ? null : values.Select(v => v[0]).Aggregate((a, b) => Values.Order(a, b) >= 0 ? a : b),
            "SUM" => values.Count == 0 ? null : Sum(values),
            "AVG" => values.Count == 0 ? null : Sum(values) is decimal sum ? Math.Round(sum / values.Count, 4, MidpointRounding.AwayFromZero) : Values.Number(Sum(values)) / values.Count,
            "STD" => values.Count == 0 ? null : Deviation([.. values.Select(v => Values.Number(v[0]))]),
            "BIT_OR" => values.Aggregate(0L, (all, v) => all | Values.Integer(v[0])),
            "BIT_AND" => values.Aggregate(-1L, (all, v) => all & Values.Integer(v[0])),
            "ANY_VALUE" => group.Count == 0 ? null : values.FirstOrDefault()?[0],
            "JSON_ARRAYAGG" => "[" + string.Join(", ", values.Select(v => Values.IsNumber(v[0]) ? Values.Text(v[0]) : $"\"{Values.Text(v[0])}\"")) + "]",
            _ => values.Count == 0 ? null : Concatenate(values),
        };
    }

    private List<object?[]> Read(Scope scope, IReadOnlyList<object?[]> group)
    {
        Scope inner = new(scope.Evaluation, scope.Layout, scope.Outer);
        List<(object?[] Value, object?[] Keys)> values = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (object?[] row in group)
        {
            scope.Evaluation.Spend();
            inner.Row = row;
            object?[] value = [.. arguments.Select(argument => argument.Evaluate(inner))];
            if (Array.TrueForAll(value, v => v is not null) && (!isDistinct || seen.Add(string.Join('\u0001', value.Select(Values.Text)))))
            {
                values.Add((value, [.. order.Select(by => by.Expression.Evaluate(inner))]));
            }
        }

        if (order.Count > 0)
        {
            values.Sort((a, b) => RowOrder.Compare(a.Keys, b.Keys, order));
        }

        return [.. values.Select(v => v.Value)];
    }

    private static object Sum(List<object?[]> values)
    {
        if (values.TrueForAll(v => v[0] is long or decimal))
        {
            try
            {
                return values.Aggregate(0m, (sum, v) => sum + Convert.ToDecimal(v[0], null));
            }
            catch (OverflowException)
            {
                // Larger than fits: the sum of reals is near enough.
            }
        }

        return values.Sum(v => Values.Number(v[0]));
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private string Concatenate(List<object?[]> values)
    {
        StringBuilder text = new();
        foreach (object?[] value in values)
        {
            if (text.Length > LongestConcatenation)
            {
                break;
            }

            text.Append(text.Length == 0 ? "" : separator).Append(string.Concat(value.Select(Values.Text)));
        }

        return text.Length > LongestConcatenation ? text.ToString(0, LongestConcatenation) : text.ToString();
    }
}
