using System.Globalization;
using System.Text;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Processes: who runs, and ending them.</summary>
internal static class ProcessCommands
{
    private const int LongestUser = 8;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ps"] = ListAsync,
        ["pstree"] = TreeAsync,
        ["pgrep"] = FindAsync,
        ["pidof"] = FindAsync,
        ["pkill"] = EndMatchingAsync,
        ["killall"] = EndMatchingAsync,
        ["pwdx"] = async i =>
        {
            foreach (string operand in i.Operands)
            {
                await i.PrintAsync($"{operand}: {(int.TryParse(operand, CultureInfo.InvariantCulture, out int id) && i.State.Visit.Memory.Processes.Find(id) is { } process ? process.Folder : "No such process")}\n");
            }

            return 0;
        },
        ["lsof"] = OpenFilesAsync,
        ["fuser"] = i => new(1),
        ["renice"] = ReniceAsync,
        ["vmstat"] = i => SystemCommands.PrintAsync(i, string.Create(CultureInfo.InvariantCulture, $"procs -----------memory---------- ---swap-- -----io---- -system-- -------cpu-------\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st gu\n 1  0      0 {MemoryUse.Free(i.Machine),6} {MemoryUse.Cached(i.Machine) / 8,6} {MemoryUse.Cached(i.Machine) * 7 / 8,6}    0    0     9    14   61  112  0  0 99  0  0  0\n")),
        ["iostat"] = i => SystemCommands.PrintAsync(i, $"Linux {i.Machine.Kernel} ({i.State.Visit.Memory.HostName}) \t{i.Machine.Now:MM/dd/yy} \t_x86_64_\t({i.Machine.ProcessorCount} CPU)\n\navg-cpu:  %user   %nice %system %iowait  %steal   %idle\n           0.42    0.01    0.31    0.05    0.00   99.21\n\nDevice             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd\nvda               1.20         4.12        18.40         0.00     701059    3128802          0\n"),
        ["mpstat"] = i => SystemCommands.PrintAsync(i, $"Linux {i.Machine.Kernel} ({i.State.Visit.Memory.HostName}) \t{i.Machine.Now:MM/dd/yy} \t_x86_64_\t({i.Machine.ProcessorCount} CPU)\n\n{i.Machine.Now:HH:mm:ss}     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle\n{i.Machine.Now:HH:mm:ss}     all    0.42    0.01    0.31    0.05    0.00    0.02    0.00    0.00    0.00   99.19\n"),
        ["slabtop"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, " Active / Total Objects (% used)    : 402112 / 431002 (93.3%)\n") : i.FailAsync("cannot open /proc/slabinfo: Permission denied"),
        ["strace"] = i => i.Operands.Count == 0 ? i.FailAsync("must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.") : i.FailAsync("ptrace(PTRACE_TRACEME, ...): Operation not permitted"),
    };

    public static bool HasTerminal(Invocation i) => i.State.Visit.TerminalName.Length > 0;

    private static string Terminal(Invocation i) => HasTerminal(i) ? i.State.Visit.TerminalName : "?";

    // Seconds of processors that it had.
    public static int Seconds(Invocation i, RunningProcess process) => (int)process.UsedTime(i.Machine.Now).TotalSeconds;

    // Since it was started.
    private static double Share(RunningProcess process) => process.Load + IdleLoads.Of(process);

    private static string LongTime(int seconds) => TimeSpan.FromSeconds(seconds).ToString(seconds < 86_400 ? @"hh\:mm\:ss" : @"d\-hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Start(Invocation i, RunningProcess process) => process.Started < i.Machine.Now.AddDays(-1)
        ? process.Started.ToString("MMMdd", CultureInfo.InvariantCulture) : process.Started.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Shown(string user) => user.Length <= LongestUser ? user : user[..(LongestUser - 1)] + "+";

    private static async ValueTask<int> ListAsync(Invocation i)
    {
        const string usage = "\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";
        if (i.Arguments is ["--help", ..])
        {
            return await SystemCommands.PrintAsync(i, usage);
        }

        PsOptions options = PsOptions.Read(i.Arguments);
        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync($"error: {error}\n{usage}", i.Cancellation);
            return 1;
        }

        int own = AskingProcess.Program?.Id ?? i.State.Visit.Memory.Processes.NextId();
        List<RunningProcess> all = [.. i.State.Visit.Memory.Processes.All, new RunningProcess(own, i.State.Visit.ShellProcess, i.State.Visit.UserName, Terminal(i), i.Machine.Now, ("ps " + string.Join(' ', i.Arguments)).TrimEnd(), 3900) { Folder = i.State.Folder }, .. AskingProcess.Beside];
        all = [.. all.Where(process => options.Wants(process, i.State.Visit.UserName, Terminal(i), i.State.Visit.ShellProcess))];
        StringBuilder text = new();
        if (options.Columns is { } columns)
        {
            WriteColumns(i, options, columns, options.Sorted(all, process => Seconds(i, process)), text);
        }
        else
        {
            Write(i, options, options.Sorted(all, process => Seconds(i, process)), own, text);
        }

        await i.PrintAsync(text.ToString());
        return all.Count == 0 ? 1 : 0;
    }

    private static void Write(Invocation i, PsOptions options, IEnumerable<RunningProcess> all, int own, StringBuilder text)
    {
        text.Append(options.HasHeader ? options.IsUser ? "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n" : options.IsFull ? "UID          PID    PPID  C STIME TTY          TIME CMD\n" : options.IsBsd ? "    PID TTY      STAT   TIME COMMAND\n" : "    PID TTY          TIME CMD\n" : "");
        foreach (RunningProcess p in all)
        {
            int seconds = Seconds(i, p);
            string state = State(p, own) + (p.Terminal is not "?" && (p.Id == own || p.IsForeground) ? "+" : ""), time = string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}"), longTime = LongTime(seconds);
            double memory = p.Memory * 100.0 / i.Machine.MemoryKilobytes;
            text.Append(options.IsUser ? string.Create(CultureInfo.InvariantCulture, $"{Shown(p.User),-8} {p.Id,7} {Share(p),4:0.0} {memory,4:0.0} {(p.Memory == 0 ? 0 : (p.Memory * 2) + 4000),6} {p.Memory,5} {p.Terminal,-8} {state,-4} {Start(i, p),-5} {time,6} {Arguments(p)}\n")
                : options.IsFull ? string.Create(CultureInfo.InvariantCulture, $"{Shown(p.User),-8} {p.Id,7} {p.Parent,7} {Share(p),2:0} {Start(i, p),-5} {p.Terminal,-8} {longTime} {Arguments(p)}\n")
                : options.IsBsd ? string.Create(CultureInfo.InvariantCulture, $"{p.Id,7} {p.Terminal,-8} {state,-4} {time,6} {Arguments(p)}\n")
                : string.Create(CultureInfo.InvariantCulture, $"{p.Id,7} {p.Terminal,-8} {longTime} {p.ShortName}\n"));
        }
    }

    private static void WriteColumns(Invocation i, PsOptions options, List<(string Name, string? Header)> columns, IEnumerable<RunningProcess> all, StringBuilder text)
    {
        List<string[]> rows = [[.. columns.Select(column => column.Header ?? PsOptions.Header(column.Name))]];
        rows.AddRange(all.Select(p => columns.Select(column => column.Name switch
        {
            "pid" or "tgid" or "lwp" => Number(p.Id),
            "ppid" => Number(p.Parent),
            "user" or "uname" or "euser" or "ruser" => Shown(p.User),
            "uid" or "euid" => Number(Accounts.Find(i.Files, p.User)?.Id ?? 0),
            "comm" or "ucmd" or "ucomm" => p.ShortName,
            "cmd" or "args" or "command" => Arguments(p),
            "%cpu" or "pcpu" => Share(p).ToString("0.0", CultureInfo.InvariantCulture),
            "%mem" or "pmem" => (p.Memory * 100.0 / i.Machine.MemoryKilobytes).ToString("0.0", CultureInfo.InvariantCulture),
            "rss" or "rssize" => Number(p.Memory),
            "vsz" or "vsize" => Number(p.Memory == 0 ? 0 : (p.Memory * 2) + 4000),
            "tty" or "tt" or "tname" => p.Terminal,
            "stat" or "state" or "s" => State(p, -1),
            "start" or "stime" or "start_time" => Start(i, p),
            "lstart" => p.Started.ToString("ddd MMM ", CultureInfo.InvariantCulture) + p.Started.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + p.Started.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            "etimes" => Number((int)(i.Machine.Now - p.Started).TotalSeconds),
            "etime" => (i.Machine.Now - p.Started) is var age && age.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{age.Days}-{age:hh\\:mm\\:ss}") : (i.Machine.Now - p.Started).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
            "time" or "cputime" => LongTime(Seconds(i, p)),
            "ni" or "nice" => "0",
            "pri" => "19",
            "nlwp" => "1",
            _ => "-",
        }).ToArray()));
        int[] widths = [.. columns.Select((_, n) => rows.Max(row => row[n].Length))];
        foreach (string[] row in rows.Skip(options.HasHeader && rows[0].Any(header => header.Length > 0) ? 0 : 1))
        {
            text.Append(string.Join(' ', row.Select((cell, n) => n == row.Length - 1 && !PsOptions.IsNumber(columns[n].Name) ? cell : PsOptions.IsNumber(columns[n].Name) ? cell.PadLeft(Math.Max(widths[n], columns[n].Name is "pid" or "ppid" ? 7 : 0)) : cell.PadRight(widths[n])))).Append('\n');
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Arguments(RunningProcess p) => string.Concat(p.Command.Select(letter => char.IsControl(letter) ? '?' : letter));

    private static string State(RunningProcess p, int own) => p.Id == own || p.Load > 1 ? "R" : p.IsKernels ? p.Command.StartsWith("[kworker", StringComparison.Ordinal) ? "I<" : "S" : p.IsStopped ? "T" : p.Service is not null || p.Command.StartsWith('-') || p.Id == 1 ? "Ss" : "S";

    private static async ValueTask<int> TreeAsync(Invocation i)
    {
        ILookup<int, RunningProcess> children = i.State.Visit.Memory.Processes.All.Where(process => !process.IsKernels).ToLookup(process => process.Parent);
        StringBuilder text = new();
        bool hasNumbers = i.Has('p');
        string Name(RunningProcess process) => hasNumbers ? $"{process.ShortName}({process.Id})" : process.ShortName;
        void Walk(RunningProcess process, string indent, int depth)
        {
            RunningProcess[] inner = [.. children[process.Id].Where(child => child.Id != process.Id)];
            for (int n = 0; n < inner.Length && depth < 20; n++)
            {
                bool isLast = n == inner.Length - 1;
                text.Append(indent).Append(isLast ? "└─" : "├─").Append(Name(inner[n])).Append('\n');
                Walk(inner[n], indent + (isLast ? "  " : "│ "), depth + 1);
            }
        }

        RunningProcess first = i.State.Visit.Memory.Processes.Find(1)!;
        text.Append(Name(first)).Append('\n');
        Walk(first, "  ", 0);
        return await SystemCommands.PrintAsync(i, text.ToString());
    }

    private static bool Matches(RunningProcess process, string pattern, bool isFull, bool isExact)
    {
        string text = isFull ? process.Command : process.ShortName;
        return isExact ? string.Equals(text, pattern, StringComparison.Ordinal) : Patterns.Compile(pattern, ignoreCase: false)?.IsMatch(text) ?? text.Contains(pattern, StringComparison.Ordinal);
    }

    private static async ValueTask<int> FindAsync(Invocation i)
    {
        bool isPidof = i.Name is "pidof";
        OptionParsing options = isPidof ? OptionParsing.Lenient(i.Arguments, "so:x") : OptionParsing.Lenient(i.Arguments, "acd:fi:lnou:U:P:t:vwxG:", ("full", 'f'), ("list-name", 'l'), ("newest", 'n'), ("exact", 'x'), ("euid", 'u'), ("list-full", 'a'), ("count", 'c'));
        if (options.Operands.Count == 0 && options.Value('u') is null)
        {
            return isPidof ? 1 : await i.FailAsync("no matching criteria specified\nTry `pgrep --help' for more information.", 2);
        }

        string pattern = options.Operands.FirstOrDefault("");
        IEnumerable<RunningProcess> found = i.State.Visit.Memory.Processes.All.Where(process => (pattern.Length == 0 || (isPidof ? options.Operands.Any(name => Matches(process, name.Split('/')[^1], false, isExact: true)) : Matches(process, pattern, options.Has('f') && !isPidof, options.Has('x'))))
            && (options.Value('u') is not { } user || string.Equals(process.User, user, StringComparison.Ordinal)));
        RunningProcess[] all = [.. isPidof ? found.Reverse() : options.Has('n') ? found.TakeLast(1) : options.Has('o') ? found.Take(1) : found];
        if (options.Has('c') && !isPidof)
        {
            await i.PrintAsync($"{all.Length}\n");
        }
        else
        {
            await i.PrintAsync(isPidof ? all.Length == 0 ? "" : string.Join(' ', all.Select(process => Number(process.Id))) + "\n"
                : string.Concat(all.Select(process => options.Has('a') ? $"{process.Id} {process.Command}\n" : options.Has('l') ? $"{process.Id} {process.ShortName}\n" : $"{process.Id}\n")));
        }

        return all.Length == 0 ? 1 : 0;
    }

    private static async ValueTask<int> ReniceAsync(Invocation i)
    {
        List<string> operands = [.. i.Arguments.Where(argument => argument is not ("-n" or "-p" or "--priority" or "--pid"))];
        if (operands.Count < 2)
        {
            return await i.FailAsync("not enough arguments\nTry 'renice --help' for more information.");
        }

        int status = 0;
        foreach (string id in operands.Skip(1))
        {
            if (!int.TryParse(id, System.Globalization.NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                status = await i.FailAsync($"bad process ID value: {id}");
            }
            else if (i.State.Visit.Memory.Processes.Find(number) is null)
            {
                status = await i.FailAsync($"failed to get priority for {id} (process ID): No such process");
            }
            else
            {
                await i.PrintAsync($"{id} (process ID) old priority 0, new priority {operands[0]}\n");
            }
        }

        return status;
    }

    private static async ValueTask<int> EndMatchingAsync(Invocation i)
    {
        bool isAll = i.Name is "killall";
        string[] arguments = [.. i.Arguments.Where(argument => !(argument.Length > 1 && argument[0] == '-' && (char.IsAsciiDigit(argument[1]) || char.IsAsciiLetterUpper(argument[1]))))];
        OptionParsing options = OptionParsing.Lenient(arguments, "efgiIlqrs:u:vwxU:P:t:no", ("full", 'f'), ("exact", 'x'), ("signal", 's'), ("quiet", 'q'), ("user", 'u'));
        int status = options.Operands.Count == 0 && options.Value('u') is null ? 1 : 0;
        ProcessTable table = i.State.Visit.Memory.Processes;
        foreach (string name in options.Operands.Count == 0 && options.Value('u') is not null ? [""] : options.Operands)
        {
            RunningProcess[] found = [.. table.All.Where(process => (name.Length == 0 || (isAll ? Matches(process, name, false, isExact: true) : Matches(process, name, options.Has('f'), options.Has('x')))) && (options.Value('u') is not { } user || string.Equals(process.User, user, StringComparison.Ordinal)))];
            if (found.Length == 0)
            {
                await i.Streams.Error.WriteAsync(isAll && !options.Has('q') ? $"{name}: no process found\n" : "", i.Cancellation);
                status = 1;
            }

            foreach (RunningProcess process in found.Where(process => process.Id != i.State.Visit.ShellProcess))
            {
                if (!SignalTargets.TrySend(i, process))
                {
                    await i.Streams.Error.WriteAsync(isAll ? $"{name}({process.Id}): Operation not permitted\n" : $"pkill: killing pid {process.Id} failed: Operation not permitted\n", i.Cancellation);
                    status = 1;
                }
            }
        }

        return status;
    }

    private static async ValueTask<int> OpenFilesAsync(Invocation i)
    {
        StringBuilder text = new("COMMAND     PID             USER   FD      TYPE             DEVICE SIZE/OFF       NODE NAME\n");
        bool isNetwork = i.Arguments.Any(argument => argument.StartsWith("-i", StringComparison.Ordinal) || argument is "-nPi" or "-Pni");
        string port = i.Arguments.Select(argument => argument.Split(':')).FirstOrDefault(parts => parts.Length > 1)?[^1] ?? "";
        foreach (SystemSocket socket in isNetwork ? Sockets.All(i.State.Visit.Memory).Where(socket => port.Length == 0 || string.Equals(port, Number(socket.Port), StringComparison.Ordinal)) : [])
        {
            RunningProcess? process = i.State.Visit.Memory.Processes.Find(socket.Process);
            text.Append(CultureInfo.InvariantCulture, $"{socket.Program[..Math.Min(9, socket.Program.Length)],-9} {socket.Process,5} {process?.User ?? "root",16}  {socket.Descriptor,3}u     IPv4 {socket.Inode,18}      0t0        {socket.Protocol.ToUpperInvariant()} {socket.Local.Replace("0.0.0.0", "*", StringComparison.Ordinal)}{(socket.State is "LISTEN" ? " (LISTEN)" : socket.State is "ESTAB" ? $"->{socket.Peer} (ESTABLISHED)" : "")}\n");
        }

        foreach (RunningProcess process in isNetwork ? [] : i.State.Visit.Memory.Processes.All.Where(process => !process.IsKernels && (i.Value('p') is not { } wanted || string.Equals(wanted, Number(process.Id), StringComparison.Ordinal))))
        {
            text.Append(CultureInfo.InvariantCulture, $"{process.ShortName[..Math.Min(9, process.ShortName.Length)],-9} {process.Id,5} {process.User,16}  cwd       DIR              252,1     4096          2 {process.Folder}\n");
            text.Append(CultureInfo.InvariantCulture, $"{process.ShortName[..Math.Min(9, process.ShortName.Length)],-9} {process.Id,5} {process.User,16}    0u      CHR              136,0      0t0          3 {(process.Terminal is "?" ? "/dev/null" : "/dev/" + process.Terminal)}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }
}
