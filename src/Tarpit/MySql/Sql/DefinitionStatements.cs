using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>CREATE, DROP, ALTER and RENAME.</summary>
internal sealed class DefinitionStatements(Evaluation evaluation, TokenStream tokens, ExpressionParser expressions)
{
    private const int BytesOfTable = 2048;
    private const int MostColumns = 256;

    private SqlSession Session => evaluation.Session;

    public static MySqlException NoLibrary(string library) => library.Contains('/', StringComparison.Ordinal) || library.Contains('\\', StringComparison.Ordinal)
        ? new MySqlException(new MySqlError(1124, "HY000", "No paths allowed for shared library"))
        : new MySqlException(new MySqlError(1126, "HY000", $"Can't open shared library '{Short(library)}' (errno: 2 /usr/lib/mysql/plugin/{Short(library)}: cannot open shared object file: No such file or directory)"));

    public Result Run() => tokens.Next().Text.ToUpperInvariant() switch
    {
        "CREATE" => Create(),
        "DROP" => Drop(),
        "RENAME" => Rename(),
        _ => Alter(),
    };

    private Result Create()
    {
        _ = tokens.TryWords("OR", "REPLACE");
        bool isTemporary = tokens.TryWords("TEMPORARY");
        _ = tokens.TryWords("AGGREGATE");
        if (tokens.TryWords("DATABASE") || tokens.TryWords("SCHEMA"))
        {
            return CreateDatabase();
        }

        if (tokens.TryWords("TABLE"))
        {
            return CreateTable();
        }

        if (tokens.TryWords("FUNCTION"))
        {
            RequireAdministrator();
            tokens.QualifiedName();
            if (tokens.TryWords("RETURNS"))
            {
                tokens.Next();
                if (tokens.TryWords("SONAME"))
                {
                    throw NoLibrary(tokens.Text());
                }
            }

            SkipAll();
            return Result.Done;
        }

        _ = isTemporary || !(tokens.Current.IsWord("USER") || tokens.Current.IsWord("ROLE")) || Administrator();
        SkipAll();
        return Result.Done;
    }

    private Result CreateDatabase()
    {
        bool mayExist = tokens.TryWords("IF", "NOT", "EXISTS");
        string name = tokens.Name();
        SkipAll();
        if (!Session.Sees(name))
        {
            throw Denied(name);
        }

        if (Session.Copy.Value.Has(name))
        {
            return mayExist ? Result.Done with { Affected = 1, Warnings = 1 } : throw new MySqlException(new MySqlError(1007, "HY000", $"Can't create database '{Short(name)}'; database exists"));
        }

        Session.Copy.Change(catalog => catalog.WithDatabase(name), name, BytesOfTable);
        return Result.Done with { Affected = 1 };
    }

    private Result CreateTable()
    {
        bool mayExist = tokens.TryWords("IF", "NOT", "EXISTS");
        (string? place, string name) = tokens.QualifiedName();
        string database = Writable(place);
        Table table = ReadDefinition(name);
        tokens.ExpectEnd();
        if (Session.Copy.Value.Find(database, name) is not null)
        {
            return mayExist ? Result.Done with { Warnings = 1 } : throw new MySqlException(new MySqlError(1050, "42S01", $"Table '{Short(name)}' already exists"));
        }

        Session.Copy.Change(catalog => catalog.With(database, table), name, BytesOfTable + (table.Rows.Count * 256L));
        return Result.Done with { Affected = table.Rows.Count };
    }

    private Table ReadDefinition(string name)
    {
        if (tokens.TryWords("LIKE"))
        {
            (string? other, string template) = tokens.QualifiedName();
            return Session.FindTable(other, template).Table with { Name = name, Rows = [], NextId = 1, Created = evaluation.Now };
        }

        List<Column> columns = [];
        List<string> keys = [];
        if (tokens.Current.IsSymbol("(") && !tokens.Following.IsWord("SELECT"))
        {
            tokens.Next();
            do
            {
                if (columns.Count > MostColumns)
                {
                    throw new MySqlException(new MySqlError(1117, "HY000", "Too many columns"));
                }

                ReadColumnOrKey(columns, keys);
            }
            while (tokens.TrySymbol(","));
            tokens.ExpectSymbol(")");
        }

        string engine = "InnoDB";
        while (!tokens.AtEnd && !tokens.Current.IsWord("AS") && !tokens.Current.IsWord("SELECT") && !tokens.Current.IsSymbol("("))
        {
            bool isEngine = tokens.Next().IsWord("ENGINE");
            tokens.TrySymbol("=");
            engine = isEngine && tokens.Current.Kind is TokenKind.Word ? tokens.Next().Text : engine;
        }

        Table table = new(name, columns) { Keys = keys, Engine = engine.ToLowerInvariant() switch { "innodb" => "InnoDB", "myisam" => "MyISAM", "memory" => "MEMORY", "csv" => "CSV", "archive" => "ARCHIVE", _ => engine }, Created = evaluation.Now };
        if (!tokens.AtEnd)
        {
            tokens.TryWords("AS");
            Result result = new QueryParser(tokens, expressions).Read().Run(evaluation, null);
            table = table with { Columns = [.. columns, .. result.Columns.Select(column => new Column(column.Name, column.Type is ColumnType.LongLong or ColumnType.Long ? "bigint" : column.Type is ColumnType.Double ? "double" : "text"))], Rows = [.. result.Rows] };
        }

        return table.Columns.Count == 0 ? throw new MySqlException(new MySqlError(4028, "HY000", "A table must have at least one visible column.")) : table;
    }

    private void ReadColumnOrKey(List<Column> columns, List<string> keys)
    {
        Token start = tokens.Current;
        if (tokens.TryWords("CONSTRAINT") && !tokens.Current.IsWord("PRIMARY") && !tokens.Current.IsWord("UNIQUE") && !tokens.Current.IsWord("FOREIGN") && !tokens.Current.IsWord("CHECK"))
        {
            tokens.Name();
        }

        if (tokens.Current.Kind is TokenKind.Word && tokens.Current.Text.ToUpperInvariant() is "PRIMARY" or "UNIQUE" or "KEY" or "INDEX" or "FULLTEXT" or "SPATIAL" or "FOREIGN" or "CHECK")
        {
            bool isPrimary = tokens.Current.IsWord("PRIMARY"), isUnique = tokens.Current.IsWord("UNIQUE");
            string names = "";
            for (int depth = 0; depth > 0 || !(tokens.Current.IsSymbol(",") || tokens.Current.IsSymbol(")"));)
            {
                Token token = tokens.AtEnd ? throw tokens.Wrong() : tokens.Next();
                depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
                names = depth > 0 && token.Kind is TokenKind.Name or TokenKind.Word && columns.Exists(column => column.Name.Equals(token.Text, StringComparison.OrdinalIgnoreCase)) ? names + "," + token.Text : names;
            }

            keys.Add(tokens.Between(start));
            string[] parts = names.Split(',', StringSplitOptions.RemoveEmptyEntries);
            foreach (string key in parts)
            {
                int index = columns.FindIndex(column => column.Name.Equals(key, StringComparison.OrdinalIgnoreCase));
                columns[index] = columns[index] with { Key = isPrimary ? "PRI" : columns[index].Key.Length > 0 ? columns[index].Key : isUnique && parts.Length == 1 ? "UNI" : "MUL", NotNull = isPrimary || columns[index].NotNull };
            }

            return;
        }

        columns.Add(ReadColumn(keys));
    }

    private Column ReadColumn(List<string> keys)
    {
        string name = tokens.Name();
        StringBuilder definition = new(tokens.Current.Kind is TokenKind.Word ? tokens.Next().Text.ToLowerInvariant() : throw tokens.Wrong());
        if (tokens.TrySymbol("("))
        {
            definition.Append('(');
            while (!tokens.TrySymbol(")"))
            {
                Token token = tokens.AtEnd ? throw tokens.Wrong() : tokens.Next();
                definition.Append(token.Kind is TokenKind.String ? $"'{token.Text}'" : token.Text);
            }

            definition.Append(')');
        }

        string type = definition.ToString() switch { "integer" => "int", "bool" or "boolean" => "tinyint(1)", "varchar" or "char" => definition + "(1)", "serial" => "bigint unsigned", var other => other };
        Column column = new(name, type.StartsWith("int(", StringComparison.Ordinal) || type.StartsWith("bigint(", StringComparison.Ordinal) ? type.Split('(')[0] : type);
        for (int depth = 0; !tokens.AtEnd && (depth > 0 || !(tokens.Current.IsSymbol(",") || tokens.Current.IsSymbol(")")));)
        {
            if (tokens.TryWords("NOT", "NULL"))
            {
                column = column with { NotNull = true };
            }
            else if (tokens.TryWords("UNSIGNED"))
            {
                column = column with { Definition = column.Definition + " unsigned" };
            }
            else if (tokens.TryWords("AUTO_INCREMENT"))
            {
                column = column with { AutoIncrement = true, NotNull = true };
            }
            else if (tokens.TryWords("PRIMARY", "KEY") || tokens.TryWords("PRIMARY"))
            {
                column = column with { Key = "PRI", NotNull = true };
                keys.Add($"PRIMARY KEY (`{name}`)");
            }
            else if (tokens.TryWords("UNIQUE"))
            {
                tokens.TryWords("KEY");
                column = column with { Key = "UNI" };
                keys.Add($"UNIQUE KEY `{name}` (`{name}`)");
            }
            else if (tokens.TryWords("DEFAULT"))
            {
                column = column with { Default = tokens.TryWords("NULL") ? null : tokens.TrySymbol("-") ? "-" + tokens.Next().Text : tokens.Next().Text };
            }
            else if (tokens.TryWords("COLLATE"))
            {
                column = column with { Collation = tokens.Next().Text };
            }
            else
            {
                Token token = tokens.Next();
                depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
            }
        }

        return column;
    }

    private Result Drop()
    {
        tokens.TryWords("TEMPORARY");
        if (tokens.TryWords("DATABASE") || tokens.TryWords("SCHEMA"))
        {
            return DropDatabase();
        }

        if (tokens.TryWords("FUNCTION") || tokens.TryWords("PROCEDURE"))
        {
            bool isQuiet = tokens.TryWords("IF", "EXISTS");
            (string? place, string function) = tokens.QualifiedName();
            return isQuiet ? Result.Done with { Warnings = 1 } : throw new MySqlException(new MySqlError(1305, "42000", $"FUNCTION {Short(place ?? Session.Database ?? "")}.{Short(function)} does not exist"));
        }

        if (!tokens.TryWords("TABLE") && !tokens.TryWords("TABLES"))
        {
            if (tokens.TryWords("VIEW"))
            {
                bool isQuiet = tokens.TryWords("IF", "EXISTS");
                (string? place, string view) = tokens.QualifiedName();
                return isQuiet ? Result.Done with { Warnings = 1 } : throw new MySqlException(new MySqlError(1051, "42S02", $"Unknown table '{Short(place ?? Session.Database ?? "")}.{Short(view)}'"));
            }

            _ = !(tokens.Current.IsWord("USER") || tokens.Current.IsWord("ROLE")) || Administrator();
            SkipAll();
            return Result.Done;
        }

        bool mayMiss = tokens.TryWords("IF", "EXISTS");
        int missing = 0;
        do
        {
            (string? place, string name) = tokens.QualifiedName();
            string database = Writable(place);
            if (Session.Copy.Value.Find(database, name) is null)
            {
                missing += mayMiss ? 1 : throw new MySqlException(new MySqlError(1051, "42S02", $"Unknown table '{Short(database)}.{Short(name)}'"));
                continue;
            }

            Session.Copy.Change(catalog => catalog.Without(database, name), name, 0);
        }
        while (tokens.TrySymbol(","));
        _ = tokens.TryWords("CASCADE") || tokens.TryWords("RESTRICT");
        return Result.Done with { Warnings = missing };
    }

    private Result DropDatabase()
    {
        bool mayMiss = tokens.TryWords("IF", "EXISTS");
        string name = tokens.Name();
        tokens.ExpectEnd();
        if (!Session.Copy.Value.Has(name))
        {
            return mayMiss ? Result.Done with { Warnings = 1 } : throw new MySqlException(new MySqlError(1008, "HY000", $"Can't drop database '{Short(name)}'; database doesn't exist"));
        }

        if (Catalog.SystemDatabases.Contains(name, StringComparer.OrdinalIgnoreCase) || !Session.Sees(name))
        {
            throw name is "mysql" && Session.IsAdministrator ? new MySqlException(new MySqlError(3552, "HY000", $"Access to system schema '{name}' is rejected.")) : Denied(name);
        }

        int tables = Session.Copy.Value.Databases[name].Count;
        Session.Copy.Change(catalog => catalog.Without(name), name, 0);
        Session.Database = string.Equals(Session.Database, name, StringComparison.Ordinal) ? null : Session.Database;
        return Result.Done with { Affected = tables };
    }

    private Result Rename()
    {
        if (!tokens.TryWords("TABLE"))
        {
            SkipAll();
            return Result.Done;
        }

        do
        {
            (string? place, string name) = tokens.QualifiedName();
            string database = Writable(place);
            tokens.ExpectWords("TO");
            Move(database, name, tokens.QualifiedName());
        }
        while (tokens.TrySymbol(","));
        return Result.Done;
    }

    private void Move(string database, string name, (string? Database, string Name) to)
    {
        Table table = Session.Copy.Value.Find(database, name) ?? throw new MySqlException(MySqlError.UnknownTable(database, name));
        string target = Writable(to.Database ?? database);
        Session.Copy.Change(catalog => catalog.Without(database, name).With(target, table with { Name = to.Name }), name, BytesOfTable);
    }

    // Of ALTER TABLE: new names, columns that come and go; keys and the like change nothing that shows.
    private Result Alter()
    {
        if (!tokens.TryWords("TABLE"))
        {
            _ = !tokens.Current.IsWord("USER") || Administrator();
            SkipAll();
            return Result.Done;
        }

        (string? place, string name) = tokens.QualifiedName();
        string database = Writable(place);
        Table table = Session.Copy.Value.Find(database, name) ?? throw new MySqlException(MySqlError.UnknownTable(database, name));
        if (tokens.TryWords("RENAME"))
        {
            _ = tokens.TryWords("TO") || tokens.TryWords("AS");
            Move(database, name, tokens.QualifiedName());
        }
        else if (tokens.TryWords("ADD", "COLUMN") || (tokens.Current.IsWord("ADD") && tokens.Following.Kind is TokenKind.Name && tokens.TryWords("ADD")))
        {
            Column column = ReadColumn([]);
            object? value = column.Default is not null ? column.Default : !column.NotNull ? null : column.IsNumeric ? 0L : "";
            Table wider = table with { Columns = [.. table.Columns, column], Rows = table.Rows.ConvertAll(row => (object?[])[.. row, value]) };
            Session.Copy.Change(catalog => catalog.With(database, wider), name, BytesOfTable + (table.Rows.Count * 32L));
        }
        else if (tokens.TryWords("DROP", "COLUMN"))
        {
            string dropped = tokens.Name();
            int index = table.IndexOf(dropped) is >= 0 and var found ? found : throw new MySqlException(new MySqlError(1091, "42000", $"Can't DROP '{Short(dropped)}'; check that column/key exists"));
            Table narrower = table with { Columns = [.. table.Columns.Where((_, i) => i != index)], Rows = table.Rows.ConvertAll(row => row.Where((_, i) => i != index).ToArray()) };
            Session.Copy.Change(catalog => catalog.With(database, narrower), name, BytesOfTable);
        }

        SkipAll();
        return Result.Done;
    }

    private string Writable(string? place)
    {
        string database = place ?? Session.Database ?? throw new MySqlException(MySqlError.NoDatabase);
        return !Session.Copy.Value.Has(database) ? throw new MySqlException(MySqlError.UnknownDatabase(database))
            : !Session.Sees(database) || Catalog.SystemDatabases.Contains(database, StringComparer.OrdinalIgnoreCase) ? throw Denied(database) : database;
    }

    private MySqlException Denied(string database) => new(new MySqlError(1044, "42000", $"Access denied for user '{Session.User}'@'{Session.GrantHost}' to database '{Short(database)}'"));

    private bool Administrator()
    {
        RequireAdministrator();
        return true;
    }

    private void RequireAdministrator()
    {
        if (!Session.IsAdministrator)
        {
            throw new MySqlException(new MySqlError(1227, "42000", "Access denied; you need (at least one of) the CREATE USER privilege(s) for this operation"));
        }
    }

    private void SkipAll()
    {
        while (tokens.Current.Kind is not TokenKind.End)
        {
            tokens.Next();
        }
    }

    private static string Short(string name) => name.Length > 64 ? name[..64] : name;
}
