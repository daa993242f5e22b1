using System.Globalization;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>SHOW and DESCRIBE, from the first word behind.</summary>
internal sealed class ShowStatements(Evaluation evaluation, TokenStream tokens, ExpressionParser expressions)
{
    private SqlSession Session => evaluation.Session;

    public Result Run()
    {
        bool isFull = tokens.TryWords("FULL") | tokens.TryWords("EXTENDED");
        isFull |= tokens.TryWords("FULL");
        bool isGlobal = tokens.TryWords("GLOBAL");
        _ = tokens.TryWords("SESSION") || tokens.TryWords("LOCAL") || tokens.TryWords("STORAGE");
        Token word = tokens.Next();
        switch (word.Text.ToUpperInvariant())
        {
            case "DATABASES" or "SCHEMAS":
                return Filter(["Database"], Session.Copy.Value.Databases.Keys.Where(Session.Sees).Order(StringComparer.Ordinal).Select(name => new object?[] { name }), suffix: true);
            case "TABLES":
                return Tables(isFull);
            case "TABLE" when tokens.TryWords("STATUS"):
                return InformationOf(InformationSchema.TableStatus(Session, Place()));
            case "OPEN" when tokens.TryWords("TABLES"):
                return Filter(["Database", "Table", "In_use", "Name_locked"], []);
            case "VARIABLES":
                return Filter(["Variable_name", "Value"], Session.Variables.Names.Select(name => new object?[] { name, Session.Variables.ToText(isGlobal ? "global." + name : name) }));
            case "STATUS":
                return Filter(["Variable_name", "Value"], ServerTables.Status(Session).Select(status => new object?[] { status.Name, status.Value }));
            case "GRANTS":
                return Grants();
            case "PROCESSLIST":
                return Result.From(["Id", "User", "Host", "db", "Command", "Time", "State", "Info"], [.. InformationSchema.Processes(Session)]);
            case "CREATE":
                return Create();
            case "COLUMNS" or "FIELDS":
                return Columns(isFull);
            case "INDEX" or "INDEXES" or "KEYS":
                return Indexes();
            case "WARNINGS" or "ERRORS":
                new QueryParser(tokens, expressions).ReadLimit();
                return Result.From(["Level", "Code", "Message"]);
            case "COUNT":
                SkipAll();
                return Result.From(["@@session.warning_count"], [0L]);
            case "CHARACTER" or "CHARSET":
                tokens.TryWords("SET");
                return Filter(["Charset", "Description", "Default collation", "Maxlen"], ServerTables.Charsets.Select(set => new object?[] { set.Name, set.Description, set.Collation, (long)set.Length }));
            case "COLLATION":
                return Filter(["Collation", "Charset", "Id", "Default", "Compiled", "Sortlen", "Pad_attribute"], ServerTables.Collations);
            case "ENGINES":
                return InformationOf(InformationSchema.Engines);
            case "PLUGINS":
                return Result.From(["Name", "Status", "Type", "Library", "License"], [.. ServerTables.Plugins]);
            default:
                return RunRare(word);
        }
    }

    private Result RunRare(Token word)
    {
        switch (word.Text.ToUpperInvariant())
        {
            case "TRIGGERS":
                Place();
                return Filter(["Trigger", "Event", "Table", "Statement", "Timing", "Created", "sql_mode", "Definer", "character_set_client", "collation_connection", "Database Collation"], []);
            case "EVENTS":
                Place();
                return Filter(["Db", "Name", "Definer", "Time zone", "Type", "Execute at", "Interval value", "Interval field", "Starts", "Ends", "Status", "Originator", "character_set_client", "collation_connection", "Database Collation"], []);
            case "PROCEDURE" or "FUNCTION":
                tokens.ExpectWords("STATUS");
                return Filter(["Db", "Name", "Type", "Definer", "Modified", "Created", "Security_type", "Comment", "character_set_client", "collation_connection", "Database Collation"], []);
            case "MASTER" or "BINARY":
                if (tokens.TryWords("LOGS"))
                {
                    return Result.From(["Log_name", "File_size", "Encrypted"], ["binlog.000001", 157L, "No"]);
                }

                tokens.ExpectWords("STATUS");
                return Result.From(["File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB", "Executed_Gtid_Set"], ["binlog.000001", 157L, "", "", ""]);
            case "SLAVE" or "REPLICA" or "REPLICAS":
                SkipAll();
                return Result.From(["Slave_IO_State", "Master_Host"]);
            case "PRIVILEGES":
                return Result.From(["Privilege", "Context", "Comment"], ["Alter", "Tables", "To alter the table"], ["Create", "Databases,Tables,Indexes", "To create new databases and tables"], ["Select", "Tables", "To retrieve rows from table"], ["File", "File access on server", "To read and write files on the server"]);
            case "ENGINE":
                SkipAll();
                return Result.From(["Type", "Name", "Status"], ["InnoDB", "", "\n=====================================\nINNODB MONITOR OUTPUT\n=====================================\n"]);
            case "PROFILES":
                return Result.From(["Query_ID", "Duration", "Query"]);
            default:
                throw tokens.Wrong();
        }
    }

    /// <summary>DESCRIBE table, EXPLAIN query.</summary>
    public Result Describe()
    {
        if (tokens.TryWords("FORMAT"))
        {
            tokens.ExpectSymbol("=");
            tokens.Next();
        }

        tokens.TryWords("ANALYZE");
        if (tokens.Current.IsWord("SELECT") || tokens.Current.IsWord("UPDATE") || tokens.Current.IsWord("DELETE") || tokens.Current.IsWord("INSERT"))
        {
            SkipAll();
            return Result.From(["id", "select_type", "table", "partitions", "type", "possible_keys", "key", "key_len", "ref", "rows", "filtered", "Extra"], [1L, "SIMPLE", null, null, null, null, null, null, null, null, null, "No tables used"]);
        }

        (string? database, string name) = tokens.QualifiedName();
        string? like = tokens.Current.Kind is TokenKind.String or TokenKind.Word or TokenKind.Name && !tokens.AtEnd ? tokens.Next().Text : null;
        Table table = Session.FindTable(database, name).Table;
        return Describe(table.Columns.Where(column => like is null || Match.IsLike(column.Name, like)));
    }

    private Result Tables(bool isFull)
    {
        string database = Place() ?? Session.Database ?? throw new MySqlException(MySqlError.NoDatabase);
        IEnumerable<object?[]> rows = InformationSchema.TablesOf(Session, database).Select(table => isFull ? new object?[] { table.Name, table.Kind } : [table.Name]);
        return Filter(isFull ? [$"Tables_in_{database}", "Table_type"] : [$"Tables_in_{database}"], rows, suffix: true);
    }

    private Result Columns(bool isFull)
    {
        if (!tokens.TryWords("FROM"))
        {
            tokens.ExpectWords("IN");
        }

        (string? database, string name) = tokens.QualifiedName();
        database = Place() ?? database;
        Table table = Session.FindTable(database, name).Table;
        IEnumerable<object?[]> rows = table.Columns.Select(column => isFull
            ? [column.Name, column.Definition, column.IsText ? column.Collation ?? table.Collation : null, column.NotNull ? "NO" : "YES", column.Key, column.Default, column.AutoIncrement ? "auto_increment" : "", "select,insert,update,references", ""]
            : (object?[])[column.Name, column.Definition, column.NotNull ? "NO" : "YES", column.Key, column.Default, column.AutoIncrement ? "auto_increment" : ""]);
        return Filter(isFull ? ["Field", "Type", "Collation", "Null", "Key", "Default", "Extra", "Privileges", "Comment"] : ["Field", "Type", "Null", "Key", "Default", "Extra"], rows);
    }

    private static Result Describe(IEnumerable<Column> columns) => Result.From(
        ["Field", "Type", "Null", "Key", "Default", "Extra"],
        [.. columns.Select(column => new object?[] { column.Name, column.Definition, column.NotNull ? "NO" : "YES", column.Key, column.Default, column.AutoIncrement ? "auto_increment" : "" })]);

    private Result Indexes()
    {
        if (!tokens.TryWords("FROM"))
        {
            tokens.ExpectWords("IN");
        }

        (string? database, string name) = tokens.QualifiedName();
        database = Place() ?? database;
        Table table = Session.FindTable(database, name).Table;
        IEnumerable<object?[]> rows = table.Columns.Where(column => column.Key.Length > 0).Select((column, _) => new object?[]
        {
            table.Name, column.Key is "MUL" ? 1L : 0L, column.Key is "PRI" ? "PRIMARY" : column.Name, 1L, column.Name, "A", (long)table.Rows.Count, null, null, column.NotNull ? "" : "YES", "BTREE", "", "", "YES", null,
        });
        return Filter(["Table", "Non_unique", "Key_name", "Seq_in_index", "Column_name", "Collation", "Cardinality", "Sub_part", "Packed", "Null", "Index_type", "Comment", "Index_comment", "Visible", "Expression"], rows);
    }

    private Result Create()
    {
        if (tokens.TryWords("DATABASE") || tokens.TryWords("SCHEMA"))
        {
            bool mayExist = tokens.TryWords("IF", "NOT", "EXISTS");
            string database = tokens.Name();
            if (!Session.Copy.Value.Has(database) || !Session.Sees(database))
            {
                throw new MySqlException(MySqlError.UnknownDatabase(database));
            }

            return Result.From(["Database", "Create Database"], [database, $"CREATE DATABASE {(mayExist ? "/*!32312 IF NOT EXISTS*/ " : "")}`{database}` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */"]);
        }

        if (tokens.TryWords("USER"))
        {
            SkipAll();
            return Result.From([$"CREATE USER for {Session.User}@{Session.GrantHost}"], [$"CREATE USER `{Session.User}`@`{Session.GrantHost}` IDENTIFIED WITH 'caching_sha2_password' REQUIRE NONE PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT"]);
        }

        if (!tokens.TryWords("VIEW"))
        {
            tokens.ExpectWords("TABLE");
        }

        (string? place, string name) = tokens.QualifiedName();
        Table table = Session.FindTable(place, name).Table;
        return Result.From(["Table", "Create Table"], [table.Name, InformationSchema.Definition(table)]);
    }

    private Result Grants()
    {
        SkipAll();
        string who = $"`{Session.User}`@`{Session.GrantHost}`";
        object?[][] rows = Session.IsAdministrator
            ?
            [
                [$"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, SHUTDOWN, PROCESS, FILE, REFERENCES, INDEX, ALTER, SHOW DATABASES, SUPER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE TABLESPACE, CREATE ROLE, DROP ROLE ON *.* TO {who} WITH GRANT OPTION"],
            ]
            : [[$"GRANT USAGE ON *.* TO {who}"], [$"GRANT ALL PRIVILEGES ON `{Session.OnlyDatabase}`.* TO {who}"]];
        return Result.From([$"Grants for {Session.User}@{Session.GrantHost}"], rows);
    }

    private Result InformationOf(Table table) => Filter([.. table.Columns.Select(column => column.Name)], table.Rows);

    private string? Place() => tokens.TryWords("FROM") || tokens.TryWords("IN") ? tokens.Name() : null;

    // LIKE for the first column, WHERE for all.
    private Result Filter(IReadOnlyList<string> names, IEnumerable<object?[]> rows, bool suffix = false)
    {
        if (tokens.TryWords("LIKE"))
        {
            string pattern = Values.Text(expressions.Read().Evaluate(new Scope(evaluation, Layout.Empty, null))) ?? "";
            names = suffix ? [string.Create(CultureInfo.InvariantCulture, $"{names[0]} ({pattern})"), .. names.Skip(1)] : names;
            return Result.From(names, [.. rows.Where(row => Match.IsLike(Values.Text(row[0]) ?? "", pattern))]);
        }

        if (!tokens.TryWords("WHERE"))
        {
            return Result.From(names, [.. rows]);
        }

        Expression where = expressions.Read();
        Scope scope = new(evaluation, new Layout([.. names.Select(name => new Source("", "", "", new Column(name, "varchar(255)")))]), null);
        List<object?[]> kept = [];
        foreach (object?[] row in rows)
        {
            scope.Row = row;
            if (Values.Truth(where.Evaluate(scope)) == true)
            {
                kept.Add(row);
            }
        }

        return Result.From(names, [.. kept]);
    }

    private void SkipAll()
    {
        while (!tokens.AtEnd)
        {
            tokens.Next();
        }
    }
}
