namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>What a statement gives: rows, or that it was done.</summary>
internal sealed record Result(IReadOnlyList<ResultColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    public long Affected { get; init; }

    public long InsertId { get; init; }

    public string Info { get; init; } = "";

    public int Warnings { get; init; }

    public static Result Done { get; } = new([], []);

    /// <summary>Rows of texts and numbers with these column names.</summary>
    public static Result From(IReadOnlyList<string> names, params IReadOnlyList<object?[]> rows) =>
        new([.. names.Select((name, i) => ResultColumn.From(name, rows.Select(row => row[i])))], rows);
}
