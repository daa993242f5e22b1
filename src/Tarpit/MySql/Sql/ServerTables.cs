using System.Globalization;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>What the server has of itself: the database mysql, character sets, counters.</summary>
internal static class ServerTables
{
    public static IReadOnlyList<(string Name, string Description, string Collation, int Length)> Charsets { get; } =
    [
        ("ascii", "US ASCII", "ascii_general_ci", 1), ("big5", "Big5 Traditional Chinese", "big5_chinese_ci", 2), ("binary", "Binary pseudo charset", "binary", 1), ("cp1250", "Windows Central European", "cp1250_general_ci", 1),
        ("cp1251", "Windows Cyrillic", "cp1251_general_ci", 1), ("gb18030", "China National Standard GB18030", "gb18030_chinese_ci", 4), ("gbk", "GBK Simplified Chinese", "gbk_chinese_ci", 2),
        ("latin1", "cp1252 West European", "latin1_swedish_ci", 1), ("latin2", "ISO 8859-2 Central European", "latin2_general_ci", 1), ("ucs2", "UCS-2 Unicode", "ucs2_general_ci", 2),
        ("utf16", "UTF-16 Unicode", "utf16_general_ci", 4), ("utf8mb3", "UTF-8 Unicode", "utf8mb3_general_ci", 3), ("utf8mb4", "UTF-8 Unicode", "utf8mb4_0900_ai_ci", 4),
    ];

    public static IReadOnlyList<object?[]> Collations { get; } =
    [
        ["binary", "binary", 63L, "Yes", "Yes", 1L, "NO PAD"], ["latin1_swedish_ci", "latin1", 8L, "Yes", "Yes", 1L, "PAD SPACE"], ["latin1_bin", "latin1", 47L, "", "Yes", 1L, "PAD SPACE"],
        ["utf8mb3_general_ci", "utf8mb3", 33L, "Yes", "Yes", 1L, "PAD SPACE"], ["utf8mb3_bin", "utf8mb3", 83L, "", "Yes", 1L, "PAD SPACE"], ["utf8mb4_general_ci", "utf8mb4", 45L, "", "Yes", 1L, "PAD SPACE"],
        ["utf8mb4_bin", "utf8mb4", 46L, "", "Yes", 1L, "PAD SPACE"], ["utf8mb4_unicode_ci", "utf8mb4", 224L, "", "Yes", 8L, "PAD SPACE"], ["utf8mb4_unicode_520_ci", "utf8mb4", 246L, "", "Yes", 8L, "PAD SPACE"],
        ["utf8mb4_0900_ai_ci", "utf8mb4", 255L, "Yes", "Yes", 0L, "NO PAD"], ["utf8mb4_0900_bin", "utf8mb4", 309L, "", "Yes", 1L, "NO PAD"],
    ];

    public static IReadOnlyList<object?[]> Plugins { get; } =
    [
        ["binlog", "ACTIVE", "STORAGE ENGINE", null, "GPL"], ["sha256_password", "ACTIVE", "AUTHENTICATION", null, "GPL"], ["caching_sha2_password", "ACTIVE", "AUTHENTICATION", null, "GPL"],
        ["InnoDB", "ACTIVE", "STORAGE ENGINE", null, "GPL"], ["MyISAM", "ACTIVE", "STORAGE ENGINE", null, "GPL"], ["MEMORY", "ACTIVE", "STORAGE ENGINE", null, "GPL"], ["CSV", "ACTIVE", "STORAGE ENGINE", null, "GPL"],
        ["PERFORMANCE_SCHEMA", "ACTIVE", "STORAGE ENGINE", null, "GPL"], ["mysql_native_password", "ACTIVE", "AUTHENTICATION", null, "GPL"], ["mysqlx", "ACTIVE", "DAEMON", null, "GPL"],
    ];

    public static IReadOnlyList<string> Privileges { get; } =
    [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "RELOAD", "SHUTDOWN", "PROCESS", "FILE", "REFERENCES", "INDEX", "ALTER", "SHOW DATABASES", "SUPER", "CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE",
        "REPLICATION SLAVE", "REPLICATION CLIENT", "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "CREATE USER", "EVENT", "TRIGGER", "CREATE TABLESPACE", "CREATE ROLE", "DROP ROLE",
    ];

    public static bool IsCharset(string name) => Charsets.Any(set => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase)) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase) || name.Equals("koi8r", StringComparison.OrdinalIgnoreCase);

    /// <summary>A table of mysql, sys or performance_schema; null: there is none.</summary>
    public static Table? Find(SqlSession session, string database, string name) => List(session, database).FirstOrDefault(table => string.Equals(table.Name, name, StringComparison.Ordinal));

    /// <summary>Tables that are made of the server's state.</summary>
    public static IEnumerable<Table> List(SqlSession session, string database) => database switch
    {
        "performance_schema" =>
        [
            Texts("global_variables", "VARIABLE_NAME VARIABLE_VALUE", [.. session.Variables.Names.Select(name => new object?[] { name, session.Variables.ToText("global." + name) })]),
            Texts("session_variables", "VARIABLE_NAME VARIABLE_VALUE", [.. session.Variables.Names.Select(name => new object?[] { name, session.Variables.ToText(name) })]),
            Texts("global_status", "VARIABLE_NAME VARIABLE_VALUE", [.. Status(session).Select(status => new object?[] { status.Name, status.Value })]),
            Texts("session_status", "VARIABLE_NAME VARIABLE_VALUE", [.. Status(session).Select(status => new object?[] { status.Name, status.Value })]),
            Texts("users", "USER CURRENT_CONNECTIONS TOTAL_CONNECTIONS", [session.User, 1L, 4L]),
        ],
        "sys" => [Texts("version", "sys_version mysql_version", ["2.1.3", session.Variables.Version]), Texts("sys_config", "variable value set_time set_by", ["diagnostics.include_raw", "OFF", Stamp(session), null], ["statement_truncate_len", "64", Stamp(session), null])],
        _ => [],
    };

    /// <summary>SHOW STATUS.</summary>
    public static IEnumerable<(string Name, string Value)> Status(SqlSession session)
    {
        long uptime = (long)(session.Machine.Now - session.Machine.BootTime).TotalSeconds;
        (string, long)[] counters =
        [
            ("Aborted_clients", uptime / 9000), ("Aborted_connects", uptime / 400), ("Bytes_received", uptime * 71), ("Bytes_sent", uptime * 530), ("Com_select", uptime / 3), ("Com_insert", uptime / 60), ("Com_update", uptime / 45),
            ("Com_delete", uptime / 900), ("Connections", session.ConnectionId), ("Created_tmp_tables", uptime / 20), ("Handler_read_rnd_next", uptime * 9), ("Innodb_buffer_pool_pages_total", 8192), ("Innodb_page_size", 16_384),
            ("Max_used_connections", 11), ("Open_files", 2), ("Open_tables", 143), ("Opened_tables", 224), ("Queries", uptime / 2), ("Questions", uptime / 2), ("Slow_queries", 0), ("Table_locks_immediate", uptime / 30),
            ("Threads_cached", 4), ("Threads_connected", 1), ("Threads_created", 11), ("Threads_running", 2), ("Uptime", uptime), ("Uptime_since_flush_status", uptime),
        ];
        return counters.Select(counter => (counter.Item1, counter.Item2.ToString(CultureInfo.InvariantCulture))).Append(("Ssl_cipher", "")).Append(("Ssl_version", ""));
    }

    internal static Table Texts(string name, string columns, params IReadOnlyList<object?[]> rows) =>
        new(name, [.. columns.Split(' ').Select(column => new Column(column, "varchar(255)"))]) { Rows = [.. rows] };

    private static string Stamp(SqlSession session) => session.Machine.SetUp.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
