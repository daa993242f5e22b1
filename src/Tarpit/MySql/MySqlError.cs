namespace Blackwall.Tarpit.MySql;

/// <summary>An error as the server words it.</summary>
/// <param name="Code">Number of the error, as in the server's list.</param>
/// <param name="State">SQLSTATE, five characters.</param>
internal sealed record MySqlError(int Code, string State, string Text)
{
    public static MySqlError AccessDenied(string user, string host, bool usesPassword) =>
        new(1045, "28000", $"Access denied for user '{Cut(user)}'@'{host}' (using password: {(usesPassword ? "YES" : "NO")})");

    public static MySqlError HandshakeError { get; } = new(1043, "08S01", "Bad handshake");

    public static MySqlError OldClient { get; } = new(1251, "08004", "Client does not support authentication protocol requested by server; consider upgrading MySQL client");

    public static MySqlError PacketTooLarge { get; } = new(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes");

    public static MySqlError OutOfMemory { get; } = new(1041, "HY000", "Out of memory; check if mysqld or some other process uses all available memory; if not, you may have to use 'ulimit' to allow mysqld to use more memory or you can add more swap space");

    public static MySqlError UnknownCommand { get; } = new(1047, "08S01", "Unknown command");

    public static MySqlError MalformedPacket { get; } = new(1835, "HY000", "Malformed communication packet.");

    public static MySqlError UnknownDatabase(string name) => new(1049, "42000", $"Unknown database '{Cut(name)}'");

    public static MySqlError UnknownTable(string database, string name) => new(1146, "42S02", $"Table '{Cut(database)}.{Cut(name)}' doesn't exist");

    public static MySqlError UnknownColumn(string name, string clause) => new(1054, "42S22", $"Unknown column '{Cut(name)}' in '{clause}'");

    public static MySqlError UnknownVariable(string name) => new(1193, "HY000", $"Unknown system variable '{Cut(name)}'");

    public static MySqlError UnknownFunction(string database, string name) => new(1305, "42000", $"FUNCTION {Cut(database)}.{Cut(name)} does not exist");

    public static MySqlError NoDatabase { get; } = new(1046, "3D000", "No database selected");

    public static MySqlError EmptyQuery { get; } = new(1065, "42000", "Query was empty");

    public static MySqlError SecureFile { get; } = new(1290, "HY000", "The MySQL server is running with the --secure-file-priv option so it cannot execute this statement");

    public static MySqlError LocalFileDisabled { get; } = new(3948, "42000", "Loading local data is disabled; this must be enabled on both the client and server sides");

    public static MySqlError TooDeep { get; } = new(1436, "HY000", "Thread stack overrun:  246080 bytes used of a 262144 byte stack, and 20480 bytes needed.  Use 'mysqld --thread_stack=#' to specify a bigger stack.");

    public static MySqlError TooManyColumns { get; } = new(1117, "HY000", "Too many columns");

    public static MySqlError TooManyTables { get; } = new(1116, "HY000", "Too many tables; MySQL can only use 61 tables in a join");

    public static MySqlError TooMuch { get; } = new(3024, "HY000", "Query execution was interrupted, maximum statement execution time exceeded");

    public static MySqlError Syntax(string near, int line) => new(
        1064, "42000", $"You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '{(near.Length > 80 ? near[..80] : near)}' at line {line.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    public static MySqlError WrongParameters(string function) => new(1582, "42000", $"Incorrect parameter count in the call to native function '{Cut(function)}'");

    private static string Cut(string text) => text.Length > 64 ? text[..64] : text;
}
