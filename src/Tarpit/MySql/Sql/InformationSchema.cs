using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>information_schema: tables made from the databases that the session sees.</summary>
internal static class InformationSchema
{
    private static readonly object?[][] EngineRows =
    [
        ["MEMORY", "YES", "Hash based, stored in memory, useful for temporary tables", "NO", "NO", "NO"], ["MRG_MYISAM", "YES", "Collection of identical MyISAM tables", "NO", "NO", "NO"],
        ["CSV", "YES", "CSV storage engine", "NO", "NO", "NO"], ["FEDERATED", "NO", "Federated MySQL storage engine", null, null, null],
        ["PERFORMANCE_SCHEMA", "YES", "Performance Schema", "NO", "NO", "NO"], ["MyISAM", "YES", "MyISAM storage engine", "NO", "NO", "NO"],
        ["InnoDB", "DEFAULT", "Supports transactions, row-level locking, and foreign keys", "YES", "YES", "YES"],
        ["BLACKHOLE", "YES", "/dev/null storage engine (anything you write to it disappears)", "NO", "NO", "NO"], ["ARCHIVE", "YES", "Archive storage engine", "NO", "NO", "NO"],
    ];

    private static readonly Dictionary<string, (string Columns, Func<SqlSession, IEnumerable<object?[]>> Rows)> s_tables = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SCHEMATA"] = ("CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH DEFAULT_ENCRYPTION", s => Seen(s).Select(name =>
            new object?[] { "def", name, name is "information_schema" ? "utf8mb3" : "utf8mb4", name is "information_schema" ? "utf8mb3_general_ci" : "utf8mb4_0900_ai_ci", null, "NO" })),
        ["TABLES"] = ("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE VERSION# ROW_FORMAT TABLE_ROWS# AVG_ROW_LENGTH# DATA_LENGTH# MAX_DATA_LENGTH# INDEX_LENGTH# DATA_FREE# AUTO_INCREMENT# CREATE_TIME UPDATE_TIME CHECK_TIME TABLE_COLLATION CHECKSUM CREATE_OPTIONS TABLE_COMMENT",
            s => Seen(s).SelectMany(database => TablesOf(s, database).Select(table => TableRow(database, table)))),
        ["COLUMNS"] = ("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION# COLUMN_DEFAULT IS_NULLABLE DATA_TYPE CHARACTER_MAXIMUM_LENGTH# CHARACTER_OCTET_LENGTH# NUMERIC_PRECISION# NUMERIC_SCALE# DATETIME_PRECISION# CHARACTER_SET_NAME COLLATION_NAME COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT GENERATION_EXPRESSION SRS_ID#",
            s => Seen(s).SelectMany(database => TablesOf(s, database).SelectMany(table => table.Columns.Select((column, i) => ColumnRow(database, table, column, i + 1))))),
        ["STATISTICS"] = ("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE# INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX# COLUMN_NAME COLLATION CARDINALITY# SUB_PART# PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT IS_VISIBLE EXPRESSION",
            s => Keyed(s, column => column.Key.Length > 0).Select(k => new object?[] { "def", k.Database, k.Table.Name, k.Column.Key is "MUL" ? 1L : 0L, k.Database, KeyName(k.Column), 1L, k.Column.Name, "A", (long)k.Table.Rows.Count, null, null, "", "BTREE", "", "", "YES", null })),
        ["KEY_COLUMN_USAGE"] = ("CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION# POSITION_IN_UNIQUE_CONSTRAINT# REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME",
            s => Keyed(s, column => column.Key is "PRI" or "UNI").Select(k => new object?[] { "def", k.Database, KeyName(k.Column), "def", k.Database, k.Table.Name, k.Column.Name, 1L, null, null, null, null })),
        ["TABLE_CONSTRAINTS"] = ("CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE ENFORCED",
            s => Keyed(s, column => column.Key is "PRI" or "UNI").Select(k => new object?[] { "def", k.Database, KeyName(k.Column), k.Database, k.Table.Name, k.Column.Key is "PRI" ? "PRIMARY KEY" : "UNIQUE", "YES" })),
        ["PROCESSLIST"] = ("ID# USER HOST DB COMMAND TIME# STATE INFO", Processes),
        ["ENGINES"] = ("ENGINE SUPPORT COMMENT TRANSACTIONS XA SAVEPOINTS", _ => EngineRows),
        ["CHARACTER_SETS"] = ("CHARACTER_SET_NAME DEFAULT_COLLATE_NAME DESCRIPTION MAXLEN#", _ => ServerTables.Charsets.Select(set => new object?[] { set.Name, set.Collation, set.Description, (long)set.Length })),
        ["COLLATIONS"] = ("COLLATION_NAME CHARACTER_SET_NAME ID# IS_DEFAULT IS_COMPILED SORTLEN# PAD_ATTRIBUTE", _ => ServerTables.Collations),
        ["PLUGINS"] = ("PLUGIN_NAME PLUGIN_STATUS PLUGIN_TYPE PLUGIN_LIBRARY PLUGIN_LICENSE", _ => ServerTables.Plugins),
        ["USER_PRIVILEGES"] = ("GRANTEE TABLE_CATALOG PRIVILEGE_TYPE IS_GRANTABLE", s => (s.IsAdministrator ? ServerTables.Privileges : ["USAGE"]).Select(privilege => new object?[] { $"'{s.User}'@'{s.GrantHost}'", "def", privilege, s.IsAdministrator ? "YES" : "NO" })),
        ["SCHEMA_PRIVILEGES"] = ("GRANTEE TABLE_CATALOG TABLE_SCHEMA PRIVILEGE_TYPE IS_GRANTABLE", s => s.OnlyDatabase is null ? [] : new[] { "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "INDEX", "ALTER" }.Select(privilege => new object?[] { $"'{s.User}'@'{s.GrantHost}'", "def", s.OnlyDatabase, privilege, "NO" })),
        ["FILES"] = ("FILE_ID# FILE_NAME FILE_TYPE TABLESPACE_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME LOGFILE_GROUP_NAME LOGFILE_GROUP_NUMBER# ENGINE FULLTEXT_KEYS DELETED_ROWS# UPDATE_COUNT# FREE_EXTENTS# TOTAL_EXTENTS# EXTENT_SIZE# INITIAL_SIZE# MAXIMUM_SIZE# AUTOEXTEND_SIZE# CREATION_TIME STATUS EXTRA", _ => []),
        ["PARTITIONS"] = ("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PARTITION_NAME SUBPARTITION_NAME PARTITION_ORDINAL_POSITION# TABLESPACE_NAME", _ => []),
        ["REFERENTIAL_CONSTRAINTS"] = ("CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE DELETE_RULE TABLE_NAME REFERENCED_TABLE_NAME", _ => []),
        ["ROUTINES"] = ("SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME ROUTINE_TYPE DATA_TYPE ROUTINE_DEFINITION SECURITY_TYPE CREATED DEFINER", _ => []),
        ["PARAMETERS"] = ("SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ORDINAL_POSITION# PARAMETER_MODE PARAMETER_NAME DATA_TYPE", _ => []),
        ["TRIGGERS"] = ("TRIGGER_CATALOG TRIGGER_SCHEMA TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_SCHEMA EVENT_OBJECT_TABLE ACTION_STATEMENT ACTION_TIMING CREATED DEFINER", _ => []),
        ["EVENTS"] = ("EVENT_CATALOG EVENT_SCHEMA EVENT_NAME DEFINER EVENT_DEFINITION EVENT_TYPE STATUS", _ => []),
        ["VIEWS"] = ("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE DEFINER SECURITY_TYPE", _ => []),
        ["TABLE_PRIVILEGES"] = ("GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE", _ => []),
        ["COLUMN_PRIVILEGES"] = ("GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME PRIVILEGE_TYPE IS_GRANTABLE", _ => []),
        ["INNODB_TABLES"] = ("TABLE_ID# NAME FLAG# N_COLS# SPACE# ROW_FORMAT", _ => []),
        ["INNODB_TRX"] = ("TRX_ID# TRX_STATE TRX_STARTED TRX_QUERY", _ => []),
    };

    public static Table Engines { get; } = Virtual("ENGINES", "Engine Support Comment Transactions XA Savepoints", EngineRows);

    /// <summary>Null: there is none of this name.</summary>
    public static Table? Find(SqlSession session, string name) => s_tables.TryGetValue(name, out (string Columns, Func<SqlSession, IEnumerable<object?[]>> Rows) found)
        ? Virtual(name.ToUpperInvariant(), found.Columns, found.Rows(session)) : null;

    /// <summary>The tables of a database, in order.</summary>
    /// <exception cref="MySqlException">There is no such database, or it is not for this user.</exception>
    public static IEnumerable<Table> TablesOf(SqlSession session, string database)
    {
        if (!session.Copy.Value.Databases.TryGetValue(database, out ImmutableSortedDictionary<string, Table>? tables) || !session.Sees(database))
        {
            throw session.Sees(database) ? new MySqlException(MySqlError.UnknownDatabase(database)) : new MySqlException(new MySqlError(1044, "42000", $"Access denied for user '{session.User}'@'{session.GrantHost}' to database '{database}'"));
        }

        return string.Equals(database, "information_schema", StringComparison.OrdinalIgnoreCase)
            ? s_tables.Select(table => Virtual(table.Key, table.Value.Columns, [])).OrderBy(table => table.Name, StringComparer.Ordinal)
            : tables.Values.Concat(ServerTables.List(session, database)).OrderBy(table => table.Name, StringComparer.Ordinal);
    }

    /// <summary>SHOW TABLE STATUS.</summary>
    public static Table TableStatus(SqlSession session, string? database) => Virtual(
        "", "Name Engine Version# Row_format Rows# Avg_row_length# Data_length# Max_data_length# Index_length# Data_free# Auto_increment# Create_time Update_time Check_time Collation Checksum Create_options Comment",
        TablesOf(session, database ?? session.Database ?? throw new MySqlException(MySqlError.NoDatabase)).Select(table => TableRow("", table) is var row ? (object?[])[row[2], .. row[4..]] : []));

    /// <summary>Who is connected: this session, and what a server has by itself.</summary>
    public static IEnumerable<object?[]> Processes(SqlSession session) =>
    [
        .. session.IsAdministrator ? new[] { new object?[] { 5L, "event_scheduler", "localhost", null, "Daemon", (long)(session.Machine.Now - session.Machine.BootTime).TotalSeconds, "Waiting on empty queue", null } } : [],
        [(long)session.ConnectionId, session.User, session.Client, session.Database, "Query", 0L, session.Statement.StartsWith("SHOW", StringComparison.OrdinalIgnoreCase) ? "init" : "executing", session.Statement],
    ];

    /// <summary>SHOW CREATE TABLE.</summary>
    public static string Definition(Table table)
    {
        StringBuilder text = new($"CREATE TABLE `{table.Name}` (\n");
        string[] lines =
        [
            .. table.Columns.Select(column => $"  `{column.Name}` {column.Definition}{(column.IsText && column.Collation is { } collation ? $" COLLATE {collation}" : "")}{(column.NotNull ? " NOT NULL" : column.Type is ColumnType.Timestamp ? " NULL" : "")}{DefaultOf(column)}{(column.AutoIncrement ? " AUTO_INCREMENT" : "")}"),
            .. table.Keys.Select(key => "  " + key),
        ];
        text.AppendJoin(",\n", lines).Append("\n) ENGINE=").Append(table.Engine);
        if (table.HasAutoIncrement && table.NextId > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $" AUTO_INCREMENT={table.NextId}");
        }

        return text.Append(CultureInfo.InvariantCulture, $" DEFAULT CHARSET={table.Collation.Split('_')[0]} COLLATE={table.Collation}").ToString();
    }

    private static string DefaultOf(Column column) => column.Default is { } value
        ? value.StartsWith("CURRENT_TIMESTAMP", StringComparison.Ordinal) ? $" DEFAULT {value}" : $" DEFAULT '{value}'"
        : column.NotNull || column.Type is ColumnType.Blob or ColumnType.Json ? "" : " DEFAULT NULL";

    // Names with # are numbers.
    private static Table Virtual(string name, string columns, IEnumerable<object?[]> rows) =>
        new(name, [.. columns.Split(' ').Select(column => column.EndsWith('#') ? new Column(column[..^1], "bigint unsigned") : new Column(column, column is "INFO" or "COLUMN_TYPE" or "COLUMN_DEFAULT" ? "mediumtext" : "varchar(256)"))])
        {
            Kind = "SYSTEM VIEW",
            Rows = [.. rows],
            Collation = "utf8mb3_general_ci",
        };

    private static IEnumerable<string> Seen(SqlSession session) => session.Copy.Value.Databases.Keys.Where(session.Sees);

    private static IEnumerable<(string Database, Table Table, Column Column)> Keyed(SqlSession session, Func<Column, bool> isKey) =>
        Seen(session).Where(name => name is not "information_schema").SelectMany(database => TablesOf(session, database).SelectMany(table => table.Columns.Where(isKey).Select(column => (database, table, column))));

    private static string KeyName(Column column) => column.Key is "PRI" ? "PRIMARY" : column.Name;

    private static object?[] TableRow(string database, Table table)
    {
        if (table.Kind is "SYSTEM VIEW")
        {
            return ["def", database, table.Name, table.Kind, null, 10L, null, 0L, 0L, 0L, 0L, 0L, 0L, null, null, null, null, null, null, "", ""];
        }

        long rows = table.Rows.Count, data = 16_384L * Math.Max(1, rows / 60);
        string created = table.Created.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return ["def", database, table.Name, table.Kind, table.Engine, 10L, "Dynamic", rows, rows == 0 ? 0L : data / rows, data, 0L, 16_384L * table.Columns.Count(column => column.Key is "MUL" or "UNI"), 0L, table.HasAutoIncrement ? table.NextId : null, created, null, null, table.Collation, null, "", ""];
    }

    private static object?[] ColumnRow(string database, Table table, Column column, int position)
    {
        bool isText = column.IsText;
        long? length = isText ? column.Size > 0 ? column.Size : column.BaseType switch { "longtext" => 4_294_967_295, "mediumtext" => 16_777_215, _ => 65_535 } : null;
        bool isTime = column.Type is ColumnType.DateTime or ColumnType.Timestamp or ColumnType.Time;
        return
        [
            "def", database, table.Name, column.Name, (long)position, column.Default, column.NotNull ? "NO" : "YES", column.BaseType, length, isText && column.Size > 0 ? column.Size * 4L : length,
            column.IsNumeric ? column.Type switch { ColumnType.Tiny => 3L, ColumnType.Short => 5L, ColumnType.Long => 10L, ColumnType.NewDecimal => column.Size, ColumnType.Double => 22L, _ => column.IsUnsigned ? 20L : 19L } : null,
            column.IsNumeric ? column.Type is ColumnType.NewDecimal ? column.Decimals : 0L : null, isTime ? 0L : null, isText ? (column.Collation ?? table.Collation).Split('_')[0] : null, isText ? column.Collation ?? table.Collation : null,
            column.Definition, column.Key, column.AutoIncrement ? "auto_increment" : "", "select,insert,update,references", "", "", null,
        ];
    }
}
