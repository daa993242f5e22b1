namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Reads SELECT, with UNION and what stands around it.</summary>
internal sealed class QueryParser(TokenStream tokens, ExpressionParser expressions)
{
    private const int MostTables = 61;

    private static readonly string[] s_modifiers = ["ALL", "DISTINCTROW", "HIGH_PRIORITY", "STRAIGHT_JOIN", "SQL_SMALL_RESULT", "SQL_BIG_RESULT", "SQL_BUFFER_RESULT", "SQL_NO_CACHE", "SQL_CACHE", "SQL_CALC_FOUND_ROWS"];

    public Query Read()
    {
        tokens.Enter();
        List<(Select Select, bool All)> parts = [(ReadPart(), true)];
        while (tokens.TryWords("UNION"))
        {
            bool all = tokens.TryWords("ALL");
            if (!all)
            {
                tokens.TryWords("DISTINCT");
            }

            parts.Add((ReadPart(), all));
        }

        List<(Expression, bool)> order = tokens.TryWords("ORDER", "BY") ? expressions.ReadOrder() : [];
        (Expression? limit, Expression? offset) = ReadLimit();
        bool intoFile = ReadInto();
        ReadLocks();
        intoFile |= ReadInto();
        tokens.Leave();
        return new Query(parts, order, limit, offset) { IntoFile = intoFile || parts.Exists(part => part.Select.IntoFile) };
    }

    private Select ReadPart()
    {
        if (tokens.TrySymbol("("))
        {
            Query inner = Read();
            tokens.ExpectSymbol(")");
            return new Select { Items = [new SelectItem(null, null, true, null)], From = new DerivedTable(inner, "") };
        }

        tokens.ExpectWords("SELECT");
        bool isDistinct = false;
        while (tokens.Current.Kind is TokenKind.Word && (tokens.Current.IsWord("DISTINCT") || Array.Exists(s_modifiers, tokens.Current.IsWord)))
        {
            isDistinct |= tokens.Next().IsWord("DISTINCT");
        }

        Select select = new() { IsDistinct = isDistinct, Items = ReadItems() };
        select.IntoFile = ReadInto();
        if (tokens.TryWords("FROM"))
        {
            select.From = tokens.TryWords("DUAL") ? null : ReadFrom();
        }

        select.Where = tokens.TryWords("WHERE") ? expressions.Read() : null;
        if (tokens.TryWords("GROUP", "BY"))
        {
            select.GroupBy = [.. expressions.ReadOrder().Select(by => by.Expression)];
            tokens.TryWords("WITH", "ROLLUP");
        }

        select.Having = tokens.TryWords("HAVING") ? expressions.Read() : null;
        if (tokens.TryWords("PROCEDURE"))
        {
            throw tokens.Wrong();
        }

        return select;
    }

    private List<SelectItem> ReadItems()
    {
        List<SelectItem> items = [];
        do
        {
            if (tokens.TrySymbol("*"))
            {
                items.Add(new SelectItem(null, null, true, null));
                continue;
            }

            Token start = tokens.Current;
            Expression expression = tokens.TryStar() is { } table ? new ColumnName(null, table, "*") : expressions.Read();
            if (expression is ColumnName { Name: "*" } star)
            {
                items.Add(new SelectItem(null, null, true, star.Table));
                continue;
            }

            string source = start.Kind is TokenKind.String && expression is Literal { Value: string text } ? text : expression.Source;
            items.Add(new SelectItem(expression, tokens.Alias() ?? (expression is ColumnName column ? column.Name : source.Length > 256 ? source[..256] : source), false, null));
        }
        while (tokens.TrySymbol(","));
        return items;
    }

    public TableSource ReadFrom()
    {
        TableSource left = ReadJoins();
        while (tokens.TrySymbol(","))
        {
            left = Checked(new Join(left, ReadJoins(), JoinKind.Inner, null, []));
        }

        return left;
    }

    private TableSource ReadJoins()
    {
        TableSource left = ReadTable();
        while (true)
        {
            bool isNatural = tokens.TryWords("NATURAL");
            JoinKind kind = tokens.TryWords("LEFT") ? JoinKind.Left : tokens.TryWords("RIGHT") ? JoinKind.Right : JoinKind.Inner;
            tokens.TryWords("OUTER");
            bool isJoin = tokens.TryWords("INNER", "JOIN") || tokens.TryWords("CROSS", "JOIN") || tokens.TryWords("JOIN") || tokens.TryWords("STRAIGHT_JOIN");
            if (!isJoin)
            {
                return kind is JoinKind.Inner && !isNatural ? left : throw tokens.Wrong();
            }

            TableSource right = ReadTable();
            Expression? on = tokens.TryWords("ON") ? expressions.Read() : null;
            List<string> columns = [];
            if (on is null && tokens.TryWords("USING"))
            {
                tokens.ExpectSymbol("(");
                do
                {
                    columns.Add(tokens.Name());
                }
                while (tokens.TrySymbol(","));
                tokens.ExpectSymbol(")");
            }

            left = Checked(new Join(left, right, kind, on, columns) { IsNatural = isNatural });
        }
    }

    private static Join Checked(Join join) => join.Tables > MostTables ? throw new MySqlException(MySqlError.TooManyTables) : join;

    private TableSource ReadTable()
    {
        if (tokens.TrySymbol("("))
        {
            TableSource inner = tokens.Current.IsWord("SELECT") || tokens.Current.IsSymbol("(") ? new DerivedTable(Read(), "") : ReadFrom();
            tokens.ExpectSymbol(")");
            return inner is DerivedTable derived
                ? new DerivedTable(derived.Query, tokens.Alias() ?? throw new MySqlException(new MySqlError(1248, "42000", "Every derived table must have its own alias")))
                : inner;
        }

        (string? database, string name) = tokens.QualifiedName();
        NamedTable table = new(database, name, tokens.Alias() ?? name);
        while (tokens.TryWords("USE") || tokens.TryWords("IGNORE") || tokens.TryWords("FORCE"))
        {
            if (!tokens.TryWords("INDEX"))
            {
                tokens.ExpectWords("KEY");
            }

            tokens.ExpectSymbol("(");
            while (!tokens.TrySymbol(")"))
            {
                _ = tokens.AtEnd ? throw tokens.Wrong() : tokens.Next();
            }
        }

        return table;
    }

    public (Expression? Limit, Expression? Offset) ReadLimit()
    {
        if (!tokens.TryWords("LIMIT"))
        {
            return (null, null);
        }

        Expression first = expressions.Read();
        return tokens.TrySymbol(",") ? (expressions.Read(), first) : tokens.TryWords("OFFSET") ? (first, expressions.Read()) : (first, null);
    }

    private bool ReadInto()
    {
        if (!tokens.TryWords("INTO"))
        {
            return false;
        }

        if (tokens.TryWords("OUTFILE") || tokens.TryWords("DUMPFILE"))
        {
            tokens.Text();
            while (!tokens.AtEnd && !tokens.Current.IsWord("FROM"))
            {
                tokens.Next();
            }

            return true;
        }

        do
        {
            _ = tokens.Current.Kind is TokenKind.UserVariable ? tokens.Next() : throw tokens.Wrong();
        }
        while (tokens.TrySymbol(","));
        return false;
    }

    private void ReadLocks()
    {
        if (tokens.TryWords("FOR", "UPDATE") || tokens.TryWords("FOR", "SHARE") || tokens.TryWords("LOCK", "IN", "SHARE", "MODE"))
        {
            _ = tokens.TryWords("NOWAIT") || tokens.TryWords("SKIP", "LOCKED");
        }
    }
}
