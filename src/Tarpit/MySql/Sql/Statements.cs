namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Runs statements by their first word.</summary>
internal static class Statements
{
    private const int MostStatements = 64;

    /// <summary>What of a text is one statement, as the server cuts a packet with many.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        List<Token> tokens = new Lexer(text).Read();
        List<string> statements = [];
        int start = 0;
        foreach (Token token in tokens)
        {
            if (token.Kind is TokenKind.End || token.IsSymbol(";"))
            {
                string statement = text[start..token.Start].Trim();
                start = Math.Min(token.Start + 1, text.Length);
                if (statement.Length > 0 && statements.Count < MostStatements)
                {
                    statements.Add(statement);
                }
            }
        }

        return statements;
    }

    /// <summary>Runs one statement.</summary>
    /// <exception cref="MySqlException">It ends with an error.</exception>
    public static Result Run(Evaluation evaluation, string text)
    {
        TokenStream tokens = new(text);
        if (tokens.AtEnd)
        {
            throw new MySqlException(MySqlError.EmptyQuery);
        }

        evaluation.Session.Statement = text.Trim().TrimEnd(';');
        Result result = Run(evaluation, tokens);
        tokens.ExpectEnd();
        SqlSession session = evaluation.Session;
        session.RowCount = result.Columns.Count > 0 ? -1 : result.Affected;
        session.LastInsertId = result.InsertId != 0 ? result.InsertId : session.LastInsertId;
        session.FoundRows = result.Columns.Count > 0 ? result.Rows.Count : session.FoundRows;
        return result;
    }

    private static Result Run(Evaluation evaluation, TokenStream tokens)
    {
        ExpressionParser expressions = new(tokens);
        Token first = tokens.Current;
        switch (first.Kind is TokenKind.Word ? first.Text.ToUpperInvariant() : first.Text)
        {
            case "SELECT" or "(":
                Query query = new QueryParser(tokens, expressions).Read();
                tokens.ExpectEnd();
                return query.IntoFile ? throw Refused(evaluation) : query.Run(evaluation, null);
            case "SHOW":
                tokens.Next();
                return new ShowStatements(evaluation, tokens, expressions).Run();
            case "DESC" or "DESCRIBE" or "EXPLAIN":
                tokens.Next();
                return new ShowStatements(evaluation, tokens, expressions).Describe();
            case "USE":
                tokens.Next();
                evaluation.Session.Use(tokens.Name());
                return Result.Done;
            case "SET":
                tokens.Next();
                return new SetStatement(evaluation, tokens, expressions).Run();
            case "INSERT" or "REPLACE" or "UPDATE" or "DELETE" or "TRUNCATE":
                return new ChangeStatements(evaluation, tokens, expressions).Run();
            case "CREATE" or "DROP" or "ALTER" or "RENAME":
                return new DefinitionStatements(evaluation, tokens, expressions).Run();
            case "DO":
                tokens.Next();
                Scope scope = new(evaluation, Layout.Empty, null);
                expressions.ReadList().ForEach(expression => expression.Evaluate(scope));
                return Result.Done;
            case "LOAD":
                return Load(evaluation, tokens);
            default:
                return AdministrativeStatements.Run(evaluation, tokens, expressions);
        }
    }

    // Who may not write files is told so; who may, that the server's option does not allow it.
    private static MySqlException Refused(Evaluation evaluation) => evaluation.Session.IsAdministrator
        ? new MySqlException(MySqlError.SecureFile)
        : new MySqlException(MySqlError.AccessDenied(evaluation.Session.User, evaluation.Session.GrantHost, usesPassword: true));

    private static Result Load(Evaluation evaluation, TokenStream tokens)
    {
        tokens.Next();
        if (!tokens.TryWords("DATA"))
        {
            tokens.ExpectWords("XML");
        }

        _ = tokens.TryWords("LOW_PRIORITY") || tokens.TryWords("CONCURRENT");
        bool isLocal = tokens.TryWords("LOCAL");
        tokens.ExpectWords("INFILE");
        throw isLocal ? new MySqlException(MySqlError.LocalFileDisabled) : Refused(evaluation);
    }
}
