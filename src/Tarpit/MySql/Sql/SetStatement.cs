namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>SET of variables, names, character sets, passwords and transactions.</summary>
internal sealed class SetStatement(Evaluation evaluation, TokenStream tokens, ExpressionParser expressions)
{
    public Result Run()
    {
        if (tokens.TryWords("NAMES"))
        {
            return SetNames();
        }

        if (tokens.TryWords("CHARACTER", "SET") || tokens.TryWords("CHARSET"))
        {
            Charset(Word());
            return Result.Done;
        }

        if (tokens.TryWords("PASSWORD") || tokens.TryWords("ROLE") || tokens.TryWords("DEFAULT", "ROLE") || tokens.Current.IsWord("TRANSACTION") || ((tokens.Current.IsWord("SESSION") || tokens.Current.IsWord("GLOBAL")) && tokens.Following.IsWord("TRANSACTION")))
        {
            SkipAll();
            return Result.Done;
        }

        do
        {
            Assign();
        }
        while (tokens.TrySymbol(","));
        return Result.Done;
    }

    private Result SetNames()
    {
        string set = Word();
        Charset(set);
        if (tokens.TryWords("COLLATE"))
        {
            evaluation.Session.Variables.Set("collation_connection", Word());
        }

        return Result.Done;
    }

    private void Charset(string set)
    {
        if (!ServerTables.IsCharset(set) && !set.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase))
        {
            throw new MySqlException(new MySqlError(1115, "42000", $"Unknown character set: '{set}'"));
        }

        foreach (string name in new[] { "character_set_client", "character_set_connection", "character_set_results" })
        {
            evaluation.Session.Variables.Set(name, set.ToLowerInvariant() is "utf8" ? "utf8mb3" : set.ToLowerInvariant());
        }
    }

    private void Assign()
    {
        Token target = tokens.Next();
        string name = target.Text;
        if (target.Kind is TokenKind.Word && name.ToUpperInvariant() is "GLOBAL" or "SESSION" or "LOCAL" or "PERSIST" && tokens.Current.Kind is TokenKind.Word or TokenKind.Name)
        {
            name = $"{name}.{tokens.Next().Text}";
        }

        if (target.Kind is not (TokenKind.UserVariable or TokenKind.SystemVariable or TokenKind.Word or TokenKind.Name) || (!tokens.TrySymbol("=") && !tokens.TrySymbol(":=")))
        {
            throw tokens.Wrong();
        }

        // A bare word is a value here: SET sql_mode = ANSI.
        object? value;
        if (tokens.Current.Kind is TokenKind.Word && tokens.Current.Text.ToUpperInvariant() is "ON" or "OFF" or "DEFAULT" or "ANSI" or "TRADITIONAL" or "SYSTEM" or "BINARY" || (tokens.Current.Kind is TokenKind.Word && target.Kind is not TokenKind.UserVariable && !tokens.Following.IsSymbol("(") && ServerTables.IsCharset(tokens.Current.Text)))
        {
            string word = tokens.Next().Text;
            value = word.ToUpperInvariant() switch { "ON" => 1L, "OFF" => 0L, "DEFAULT" => null, _ => word };
        }
        else
        {
            value = expressions.Read().Evaluate(new Scope(evaluation, Layout.Empty, null));
        }

        if (target.Kind is TokenKind.UserVariable)
        {
            evaluation.Session.SetUserVariable(name, value);
            return;
        }

        if (name.StartsWith("GLOBAL.", StringComparison.OrdinalIgnoreCase) && !evaluation.Session.IsAdministrator)
        {
            throw new MySqlException(new MySqlError(1227, "42000", "Access denied; you need (at least one of) the SUPER or SYSTEM_VARIABLES_ADMIN privilege(s) for this operation"));
        }

        evaluation.Session.Variables.Set(name, value);
    }

    private string Word() => tokens.Current.Kind is TokenKind.Word or TokenKind.String or TokenKind.Name ? tokens.Next().Text : throw tokens.Wrong();

    private void SkipAll()
    {
        while (!tokens.AtEnd)
        {
            tokens.Next();
        }
    }
}
