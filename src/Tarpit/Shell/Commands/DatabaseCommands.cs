using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Clients of MySQL.</summary>
internal static class DatabaseCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["mysql"] = ClientAsync,
        ["mysqladmin"] = AdminAsync,
        ["mysqldump"] = DumpAsync,
        ["mysqlshow"] = i => ClientAsync(i with { Arguments = [.. i.Arguments.Where(argument => argument.StartsWith('-')), "-e", i.Operands.Count > 0 ? $"SHOW TABLES FROM {i.Operands[0]}" : "SHOW DATABASES"] }),
        ["mysqlcheck"] = i => new(0),
        ["mysql_secure_installation"] = i => SystemCommands.PrintAsync(i, "\nSecuring the MySQL server deployment.\n\nConnecting to MySQL using a blank password.\n\nVALIDATE PASSWORD COMPONENT can be used to test passwords\nand improve security.\n"),
        ["mysqlimport"] = i => i.FailAsync("Error: 1045, Access denied", 1),
    };

    private static OptionParsing Read(Invocation i)
    {
        // "-psecret" is joined; "-p" alone asks.
        List<string> arguments = [];
        foreach (string argument in i.Arguments)
        {
            arguments.Add(argument is "-p" or "--password" ? "--ask" : argument.StartsWith("-p", StringComparison.Ordinal) && !argument.StartsWith("--", StringComparison.Ordinal) ? "--password=" + argument[2..] : argument);
        }

        return OptionParsing.Lenient(arguments, "u:h:P:D:e:BNsvtEVAfS:ABR", ("user", 'u'), ("host", 'h'), ("port", 'P'), ("password", 'p'), ("ask", 'a'), ("database", 'D'), ("execute", 'e'), ("batch", 'B'), ("skip-column-names", 'N'), ("silent", 's'), ("version", 'V'), ("vertical", 'E'), ("table", 't'), ("socket", 'S'), ("all-databases", 'A'), ("databases", 'B'), ("routines", 'R'));
    }

    private static async ValueTask<IDatabaseShell?> OpenAsync(Invocation i, OptionParsing options)
    {
        Visit visit = i.State.Visit;
        string user = options.Value('u') ?? FromFile(i, "user") ?? visit.UserName;
        string? password = options.Value('p') ?? (options.Has('a') ? await SecretPrompt.ReadAsync(i, "Enter password: ") : FromFile(i, "password"));
        if (options.Value('p') is not null)
        {
            await i.Streams.Error.WriteAsync($"{i.Name}: [Warning] Using a password on the command line interface can be insecure.\n", i.Cancellation);
        }

        if (options.Value('h') is { } host && host is not ("localhost" or "127.0.0.1" or "::1") && !string.Equals(host, visit.Memory.HostName, StringComparison.Ordinal))
        {
            i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
            await i.WaitAsync(10);
            await i.Streams.Error.WriteAsync($"ERROR 2003 (HY000): Can't connect to MySQL server on '{host}:{options.Value('P') ?? "3306"}' (110)\n", i.Cancellation);
            return null;
        }

        if (visit.Database is not { } server || visit.Memory.Services.Get("mysql") != World.State.ServiceState.Active)
        {
            await i.Streams.Error.WriteAsync("ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)\n", i.Cancellation);
            return null;
        }

        bool isSocket = user is "root" && visit.UserId == 0 && options.Value('h') is null or "localhost";
        IDatabaseShell? shell = server.Open(visit.Remote.Address, user, password, isSocket && user is "root" && visit.UserId == 0, out string error);
        if (options.Value('u') is not null || password is not null)
        {
            i.State.Log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = "mysql-cli", Success = shell is not null });
        }

        if (shell is null)
        {
            await i.Streams.Error.WriteAsync(error + "\n", i.Cancellation);
        }

        return shell;
    }

    private static string? FromFile(Invocation i, string key)
    {
        if (i.Read(i.State.Visit.HomeFolder + "/.my.cnf", out byte[] content) != FileError.None || i.State.Visit.UserId == 0)
        {
            return null;
        }

        string? line = TextCommands.Lines(Encoding.Latin1.GetString(content)).FirstOrDefault(line => line.Replace(" ", "", StringComparison.Ordinal).StartsWith(key + "=", StringComparison.Ordinal));
        return line?[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static async ValueTask<int> ClientAsync(Invocation i)
    {
        OptionParsing options = Read(i);
        if (options.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, "mysql  Ver 8.0.41-0ubuntu0.24.04.1 for Linux on x86_64 ((Ubuntu))\n");
        }

        if (await OpenAsync(i, options) is not { } shell)
        {
            return 1;
        }

        bool isTable = ProcessCommands.HasTerminal(i) && !options.Has('B') || options.Has('t');
        if ((options.Value('D') ?? (options.Operands is [var first, ..] ? first : null)) is { } database && await RunAsync(i, shell, $"USE `{database.Replace("`", "``", StringComparison.Ordinal)}`", options, isTable: false) is var failed and not 0)
        {
            return failed;
        }

        if (options.Value('e') is { } statement)
        {
            return await RunAsync(i, shell, statement, options, isTable);
        }

        bool isInteractive = i.State.Io.Terminal is not null && i.Streams.Input.IsPeer;
        if (!isInteractive)
        {
            return await RunAsync(i, shell, Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation)), options, options.Has('t'));
        }

        await i.PrintAsync($"Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is {10 + (i.State.Visit.Memory.NextProcess() % 90)}\nServer version: 8.0.41-0ubuntu0.24.04.1 (Ubuntu)\n\nCopyright (c) 2000, 2025, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n");
        StringBuilder text = new();
        while (true)
        {
            await i.PrintAsync(text.Length == 0 ? "mysql> " : "    -> ");
            if (await i.Streams.Input.ReadLineAsync(i.Cancellation) is not { } line || (text.Length == 0 && line.Trim().TrimEnd(';') is "exit" or "quit" or "\\q"))
            {
                await i.PrintAsync("Bye\n");
                return 0;
            }

            text.Append(line).Append('\n');
            if (text.Length > 1 << 20 || line.Trim() is "\\c" || (text.Length == line.Length + 1 && line.Trim().Length == 0))
            {
                text.Clear();
                continue;
            }

            if (line.TrimEnd() is { } end && (end.EndsWith(';') || end.EndsWith("\\g", StringComparison.Ordinal) || end.EndsWith("\\G", StringComparison.Ordinal)))
            {
                string statements = text.ToString().Replace("\\G", ";", StringComparison.Ordinal).Replace("\\g", ";", StringComparison.Ordinal);
                text.Clear();
                await RunAsync(i, shell, statements, options, isTable: true, isInteractive: true);
            }
        }
    }

    private static async ValueTask<int> RunAsync(Invocation i, IDatabaseShell shell, string text, OptionParsing options, bool isTable, bool isInteractive = false)
    {
        i.State.Log.Record(new Observation(ObservationKinds.Command) { Text = text.Trim(), Name = "mysql" });
        await foreach (DatabaseReply reply in shell.RunAsync(text, i.Cancellation))
        {
            if (reply.Error is { } error)
            {
                await i.Streams.Error.WriteAsync((isInteractive ? error : error.Replace("):", ") at line 1:", StringComparison.Ordinal)) + "\n", i.Cancellation);
                return 1;
            }

            string shown = reply.Columns.Count == 0 ? isInteractive ? string.Create(CultureInfo.InvariantCulture, $"Query OK, {reply.Affected} row{(reply.Affected == 1 ? "" : "s")} affected (0.00 sec)\n\n") : "" : isTable ? Table(reply) : Lines(reply, !options.Has('N'));
            string summary = isInteractive && reply.Columns.Count > 0 ? reply.Rows.Count == 0 ? "Empty set (0.00 sec)\n\n" : string.Create(CultureInfo.InvariantCulture, $"{reply.Rows.Count} row{(reply.Rows.Count == 1 ? "" : "s")} in set (0.00 sec)\n\n") : "";
            await i.Streams.Output.WriteAsync(Encoding.UTF8.GetBytes((isInteractive && reply.Rows.Count == 0 && reply.Columns.Count > 0 ? "" : shown) + summary), i.Cancellation);
        }

        return 0;
    }

    private static string Lines(DatabaseReply reply, bool hasHead) =>
        (hasHead && reply.Rows.Count > 0 ? string.Join('\t', reply.Columns) + "\n" : "") + string.Concat(reply.Rows.Select(row => string.Join('\t', row.Select(value => value?.Replace("\n", "\\n", StringComparison.Ordinal) ?? "NULL")) + "\n"));

    private static string Table(DatabaseReply reply)
    {
        if (reply.Rows.Count == 0)
        {
            return "";
        }

        int[] widths = [.. reply.Columns.Select((name, n) => Math.Max(name.Length, reply.Rows.Max(row => (row[n] ?? "NULL").Length)))];
        string line = "+" + string.Concat(widths.Select(width => new string('-', width + 2) + "+")) + "\n";
        string Row(IEnumerable<string> cells) => "|" + string.Concat(cells.Select((cell, n) => $" {cell.PadRight(widths[n])} |")) + "\n";
        return line + Row(reply.Columns) + line + string.Concat(reply.Rows.Select(row => Row(row.Select(value => value ?? "NULL")))) + line;
    }

    private static async ValueTask<int> AdminAsync(Invocation i)
    {
        OptionParsing options = Read(i);
        if (await OpenAsync(i, options) is null)
        {
            return 1;
        }

        return await SystemCommands.PrintAsync(i, options.Operands.FirstOrDefault("") switch
        {
            "ping" => "mysqld is alive\n",
            "version" => $"mysqladmin  Ver 8.0.41-0ubuntu0.24.04.1 for Linux on x86_64 ((Ubuntu))\nServer version\t\t8.0.41-0ubuntu0.24.04.1\nProtocol version\t10\nConnection\t\tLocalhost via UNIX socket\nUNIX socket\t\t/var/run/mysqld/mysqld.sock\n",
            "status" => $"Uptime: {(long)i.Machine.Uptime.TotalSeconds}  Threads: 2  Questions: {(long)i.Machine.Uptime.TotalSeconds / 2}  Slow queries: 0  Opens: 224  Flush tables: 3  Open tables: 143  Queries per second avg: 0.500\n",
            _ => "",
        });
    }

    private static async ValueTask<int> DumpAsync(Invocation i)
    {
        OptionParsing options = Read(i);
        if (options.Operands.Count == 0 && !options.Has('A') && !options.Has('B'))
        {
            await i.Streams.Error.WriteAsync("Usage: mysqldump [OPTIONS] database [tables]\nOR     mysqldump [OPTIONS] --databases [OPTIONS] DB1 [DB2 DB3...]\nOR     mysqldump [OPTIONS] --all-databases [OPTIONS]\nFor more options, use mysqldump --help\n", i.Cancellation);
            return 1;
        }

        if (await OpenAsync(i, options) is not { } shell)
        {
            return 1;
        }

        const int mostTables = 200;
        StringBuilder text = new("-- MySQL dump 10.13  Distrib 8.0.41, for Linux (x86_64)\n--\n-- Host: localhost    Database: ");
        text.Append(options.Operands.FirstOrDefault("")).Append("\n-- ------------------------------------------------------\n-- Server version\t8.0.41-0ubuntu0.24.04.1\n\n");
        IEnumerable<string> databases = options.Has('A') ? (await RowsAsync(i, shell, "SHOW DATABASES")).Select(row => row[0] ?? "").Where(name => name is not ("information_schema" or "performance_schema" or "sys")) : options.Has('B') ? options.Operands : options.Operands.Take(1);
        foreach (string database in databases.ToList())
        {
            string[] wanted = options.Has('A') || options.Has('B') ? [] : [.. options.Operands.Skip(1)];
            foreach (string table in (wanted.Length > 0 ? wanted : (await RowsAsync(i, shell, $"SHOW TABLES FROM `{database}`")).Select(row => row[0] ?? "")).Take(mostTables).ToList())
            {
                IReadOnlyList<string?[]> definition = await RowsAsync(i, shell, $"SHOW CREATE TABLE `{database}`.`{table}`"), rows = await RowsAsync(i, shell, $"SELECT * FROM `{database}`.`{table}`");
                text.Append(CultureInfo.InvariantCulture, $"--\n-- Table structure for table `{table}`\n--\n\nDROP TABLE IF EXISTS `{table}`;\n{(definition.Count > 0 ? definition[0][^1] : "")};\n\n");
                if (rows.Count > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $"INSERT INTO `{table}` VALUES {string.Join(',', rows.Select(row => $"({string.Join(',', row.Select(value => value is null ? "NULL" : long.TryParse(value, CultureInfo.InvariantCulture, out _) ? value : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'"))})"))};\n\n");
                }
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"-- Dump completed on {i.Machine.Now:yyyy-MM-dd HH:mm:ss}\n");
        await i.Streams.Output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), i.Cancellation);
        return 0;
    }

    private static async ValueTask<IReadOnlyList<string?[]>> RowsAsync(Invocation i, IDatabaseShell shell, string statement)
    {
        await foreach (DatabaseReply reply in shell.RunAsync(statement, i.Cancellation))
        {
            return reply.Rows;
        }

        return [];
    }
}
