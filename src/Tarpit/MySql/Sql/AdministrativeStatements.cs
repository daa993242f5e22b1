namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Transactions, locks, rights, plugins: what changes no row.</summary>
internal static class AdministrativeStatements
{
    private static readonly string[] s_done =
    [
        "BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "XA", "LOCK", "UNLOCK", "FLUSH", "RESET", "PURGE", "GRANT", "REVOKE", "STOP", "CHANGE", "CACHE", "SHUTDOWN", "HANDLER", "DEALLOCATE",
    ];

    private static readonly string[] s_privileged = ["FLUSH", "RESET", "PURGE", "GRANT", "REVOKE", "STOP", "CHANGE", "SHUTDOWN"];

    public static Result Run(Evaluation evaluation, TokenStream tokens, ExpressionParser expressions)
    {
        SqlSession session = evaluation.Session;
        string word = tokens.Current.Kind is TokenKind.Word ? tokens.Current.Text.ToUpperInvariant() : "";
        if (Array.IndexOf(s_done, word) >= 0)
        {
            if (Array.IndexOf(s_privileged, word) >= 0 && !session.IsAdministrator)
            {
                throw new MySqlException(new MySqlError(1227, "42000", "Access denied; you need (at least one of) the RELOAD privilege(s) for this operation"));
            }

            session.IsInTransaction = word is "BEGIN" or "START" || (session.IsInTransaction && word is not ("COMMIT" or "ROLLBACK"));
            SkipAll(tokens);
            return Result.Done;
        }

        switch (word)
        {
            case "KILL":
                tokens.Next();
                _ = tokens.TryWords("CONNECTION") || tokens.TryWords("QUERY");
                string id = Values.Text(expressions.Read().Evaluate(new Scope(evaluation, Layout.Empty, null))) ?? "0";
                throw new MySqlException(new MySqlError(1094, "HY000", $"Unknown thread id: {id}"));
            case "ANALYZE" or "CHECK" or "OPTIMIZE" or "REPAIR":
                return Maintain(session, tokens);
            case "CALL":
                tokens.Next();
                (string? database, string name) = tokens.QualifiedName();
                throw new MySqlException(new MySqlError(1305, "42000", $"PROCEDURE {database ?? session.Database ?? throw new MySqlException(MySqlError.NoDatabase)}.{name} does not exist"));
            case "INSTALL":
                tokens.Next();
                tokens.ExpectWords("PLUGIN");
                tokens.Name();
                tokens.ExpectWords("SONAME");
                throw DefinitionStatements.NoLibrary(tokens.Text());
            case "UNINSTALL":
                tokens.Next();
                tokens.ExpectWords("PLUGIN");
                throw new MySqlException(new MySqlError(1305, "42000", $"PLUGIN {tokens.Name()} does not exist"));
            case "EXECUTE" or "PREPARE":
                tokens.Next();
                string statement = tokens.Name();
                return word is "EXECUTE" ? throw new MySqlException(new MySqlError(1243, "HY000", $"Unknown prepared statement handler ({statement}) given to EXECUTE")) : Skip(tokens);
            case "HELP":
                SkipAll(tokens);
                return Result.From(["name", "is_it_category"]);
            default:
                throw tokens.Wrong();
        }
    }

    private static Result Maintain(SqlSession session, TokenStream tokens)
    {
        string verb = tokens.Next().Text.ToLowerInvariant();
        _ = tokens.TryWords("NO_WRITE_TO_BINLOG") || tokens.TryWords("LOCAL");
        _ = tokens.TryWords("TABLE") || tokens.TryWords("TABLES") ? true : throw tokens.Wrong();
        List<object?[]> rows = [];
        do
        {
            (string? database, string name) = tokens.QualifiedName();
            try
            {
                (string found, Table table) = session.FindTable(database, name);
                rows.Add([$"{found}.{table.Name}", verb, "status", "OK"]);
            }
            catch (MySqlException e)
            {
                rows.Add([$"{database ?? session.Database}.{name}", verb, "Error", e.Error.Text]);
                rows.Add([$"{database ?? session.Database}.{name}", verb, "status", "Operation failed"]);
            }
        }
        while (tokens.TrySymbol(","));
        SkipAll(tokens);
        return Result.From(["Table", "Op", "Msg_type", "Msg_text"], [.. rows]);
    }

    private static Result Skip(TokenStream tokens)
    {
        SkipAll(tokens);
        return Result.Done;
    }

    private static void SkipAll(TokenStream tokens)
    {
        while (!tokens.AtEnd)
        {
            tokens.Next();
        }
    }
}
