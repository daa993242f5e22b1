using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>What a connection knows between its statements. Used by one statement at a time.</summary>
internal sealed class SqlSession(Machine machine, CatalogCopy copy, IReadOnlyDictionary<string, object> serverVariables, uint connectionId)
{
    private const int MostUserVariables = 64;
    private const int LongestUserVariable = 64 * 1024;

    private long _lastUuid;

    public Machine Machine => machine;

    public CatalogCopy Copy => copy;

    public uint ConnectionId => connectionId;

    public DateTimeOffset Began { get; } = machine.Now;

    public Variables Variables { get; } = new(serverVariables);

    public Dictionary<string, object?> UserVariables { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string User { get; private set; } = "";

    /// <summary>Address of the client.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Port of the client.</summary>
    public int Port { get; init; }

    /// <summary>Address and port of the client, as lists of connections show it.</summary>
    public string Client => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The statement that runs, as it came.</summary>
    public string Statement { get; set; } = "";

    /// <summary>Host part of the account: "%".</summary>
    public string GrantHost { get; } = "%";

    /// <summary>The one database that it may use beside the schema's; null: all.</summary>
    public string? OnlyDatabase { get; private set; }

    public string? Database { get; set; }

    public long LastInsertId { get; set; }

    public long RowCount { get; set; } = -1;

    public long FoundRows { get; set; }

    public bool IsInTransaction { get; set; }

    public bool IsAdministrator => OnlyDatabase is null;

    /// <summary>A UUID as the server makes them: version 1, of the time and the machine's card (RFC 4122 §4.2.2), each later than the one before.</summary>
    public string NewUuid()
    {
        const long gregorian = 0x01B2_1DD2_1381_4000;
        _lastUuid = Math.Max(_lastUuid + 1, machine.Now.UtcDateTime.Ticks - DateTime.UnixEpoch.Ticks + gregorian);
        byte[] sequence = machine.Bytes("mysql-uuid-sequence", 2);
        string digits = _lastUuid.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        return $"{digits[8..]}-{digits[4..8]}-1{digits[1..4]}-{Convert.ToHexStringLower([(byte)(0x80 | (sequence[0] & 0x3F)), sequence[1]])}-{machine.HardwareAddress.Replace(":", "", StringComparison.Ordinal)}";
    }

    /// <summary>Somebody logged in.</summary>
    /// <param name="onlyDatabase">Null: all are his.</param>
    public void Begin(string user, string host, string? onlyDatabase)
    {
        (User, Host, OnlyDatabase) = (user, host, onlyDatabase);
        Database = null;
        Reset();
    }

    /// <summary>COM_RESET_CONNECTION.</summary>
    public void Reset()
    {
        Variables.Reset();
        UserVariables.Clear();
        (LastInsertId, RowCount, FoundRows, IsInTransaction) = (0, -1, 0, false);
    }

    public void SetUserVariable(string name, object? value)
    {
        if ((UserVariables.Count < MostUserVariables || UserVariables.ContainsKey(name)) && (value is not (string or byte[]) || Values.Bytes(value).Length <= LongestUserVariable))
        {
            UserVariables[name] = value;
        }
    }

    public bool Sees(string database) => IsAdministrator || string.Equals(database, OnlyDatabase, StringComparison.OrdinalIgnoreCase) || database.ToLowerInvariant() is "information_schema" or "performance_schema";

    /// <summary>USE.</summary>
    /// <exception cref="MySqlException">There is none of this name, or it is not for this user.</exception>
    public void Use(string database)
    {
        string? found = copy.Value.Databases.Keys.FirstOrDefault(name => string.Equals(name, database, IsCaseless(database) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
        if (!Sees(database))
        {
            throw new MySqlException(new MySqlError(1044, "42000", $"Access denied for user '{User}'@'{GrantHost}' to database '{database}'"));
        }

        Database = found ?? throw new MySqlException(MySqlError.UnknownDatabase(database));
    }

    /// <summary>A table by its name, with its database.</summary>
    /// <exception cref="MySqlException">There is none, or it is not for this user.</exception>
    public (string Database, Table Table) FindTable(string? database, string name, string command = "SELECT")
    {
        string place = database ?? Database ?? throw new MySqlException(MySqlError.NoDatabase);
        if (IsCaseless(place))
        {
            return ("information_schema", InformationSchema.Find(this, name) ?? throw new MySqlException(new MySqlError(1109, "42S02", $"Unknown table '{name.ToUpperInvariant()}' in information_schema")));
        }

        if (!Sees(place))
        {
            throw new MySqlException(new MySqlError(1142, "42000", $"{command} command denied to user '{User}'@'{Host}' for table '{name}'"));
        }

        return copy.Value.Has(place)
            ? (place, copy.Value.Find(place, name) ?? ServerTables.Find(this, place, name) ?? throw new MySqlException(MySqlError.UnknownTable(place, name)))
            : throw new MySqlException(MySqlError.UnknownDatabase(place));
    }

    private static bool IsCaseless(string database) => string.Equals(database, "information_schema", StringComparison.OrdinalIgnoreCase);
}
