using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Processes, sessions and services.</summary>
internal static class ProcessCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ps"] = ListAsync,
        ["top"] = TopAsync,
        ["htop"] = TopAsync,
        ["pgrep"] = FindAsync,
        ["pidof"] = FindAsync,
        ["pkill"] = FindQuietly,
        ["killall"] = KillAllAsync,
        ["w"] = i => SystemCommands.PrintAsync(i, $"{SystemCommands.UptimeLine(i)}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU  WHAT\n{(HasTerminal(i) ? $"{i.State.Visit.UserName,-8} pts/0    {i.State.Visit.Remote.Address,-16} {i.State.Visit.Began.ToString("HH:mm", CultureInfo.InvariantCulture)}    1.00s  0.03s  0.00s w\n" : "")}"),
        ["who"] = i => SystemCommands.PrintAsync(i, i.Has('b') ? $"         system boot  {i.Machine.BootTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}\n" : !HasTerminal(i) ? "" : $"{i.State.Visit.UserName,-8} pts/0        {i.State.Visit.Began.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} ({i.State.Visit.Remote.Address})\n"),
        ["users"] = i => SystemCommands.PrintAsync(i, HasTerminal(i) ? i.State.Visit.UserName + "\n" : ""),
        ["last"] = i => SystemCommands.PrintAsync(i, $"{(HasTerminal(i) ? $"{i.State.Visit.UserName,-8} pts/0        {i.State.Visit.Remote.Address,-16} {Stamp(i.State.Visit.Began)}   still logged in\n" : "")}reboot   system boot  {i.Machine.Kernel[..16],-16} {Stamp(i.Machine.BootTime)}   still running\n\nwtmp begins {i.Machine.SetUp.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\n"),
        ["lastlog"] = i => SystemCommands.PrintAsync(i, "Username         Port     From                                       Latest\n" + string.Concat(Accounts.All(i.Files).Select(a => $"{a.Name,-16} {(string.Equals(a.Name, i.State.Visit.UserName, StringComparison.Ordinal) ? $"pts/0    {i.State.Visit.Remote.Address,-42} {i.State.Visit.Began.ToString("ddd MMM d HH:mm:ss +0000 yyyy", CultureInfo.InvariantCulture)}" : "                                         **Never logged in**")}\n"))),
        ["systemctl"] = ServicesAsync,
        ["service"] = ServiceAsync,
        ["crontab"] = CrontabAsync,
        ["journalctl"] = i => SystemCommands.PrintAsync(i, "-- No entries --\n"),
        ["lsof"] = i => SystemCommands.PrintAsync(i, "COMMAND     PID   USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n"),
    };

    private static bool HasTerminal(Invocation i) => i.State.Io.Terminal is not null;

    // Seconds of a processor: what began just now had none.
    private static int Busy(Invocation i, DateTimeOffset began, int process) => i.Machine.Now - began > TimeSpan.FromDays(1) ? process % 7 : 0;

    private static string Stamp(DateTimeOffset time) => time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + time.ToString(" HH:mm", CultureInfo.InvariantCulture);

    private static async ValueTask<int> ListAsync(Invocation i)
    {
        bool bsd = i.Arguments.Count > 0 && !i.Arguments[0].StartsWith('-'), full = i.Has('f'), every = i.Has('e') || i.Has('A') || (bsd && i.Arguments[0].Contains('a', StringComparison.Ordinal)) || i.Has('a');
        bool user = bsd && i.Arguments[0].Contains('u', StringComparison.Ordinal) || (i.Arguments.Count > 0 && i.Arguments[0] is "-aux" or "-auxw");
        StringBuilder text = new();
        var all = Processes.List(i.State.Visit, HasTerminal(i)).Where(p => every || (HasTerminal(i) ? p.Terminal is "pts/0" : p.Id == i.State.Visit.ShellProcess)).ToList();
        int own = i.State.Visit.ShellProcess + 13;
        all.Add((own, i.State.Visit.ShellProcess, i.State.Visit.UserName, HasTerminal(i) ? "pts/0" : "?", i.Machine.Now, "ps " + string.Join(' ', i.Arguments), 3900));
        text.Append(user ? "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n" : full ? "UID          PID    PPID  C STIME TTY          TIME CMD\n" : "    PID TTY          TIME CMD\n");
        foreach (var p in all)
        {
            string start = p.Started < i.Machine.Now.AddDays(-1) ? p.Started.ToString("MMMdd", CultureInfo.InvariantCulture) : p.Started.ToString("HH:mm", CultureInfo.InvariantCulture);
            string bare = p.Command.Split(' ')[0].Split('/')[^1].TrimStart('@');
            text.Append(user
                ? $"{p.User,-8} {p.Id,7}  0.0 {p.Memory * 100.0 / i.Machine.MemoryKilobytes,4:0.0} {(p.Memory == 0 ? 0 : (p.Memory * 2) + 4000),6} {p.Memory,5} {p.Terminal,-8} {(p.Id == own ? HasTerminal(i) ? "R+" : "R" : p.Memory == 0 ? "S" : "Ss"),-4} {start,-5}   0:0{Busy(i, p.Started, p.Id)} {p.Command}\n"
                : full ? $"{p.User,-8} {p.Id,7} {p.Parent,7}  0 {start} {p.Terminal,-8} 00:00:0{Busy(i, p.Started, p.Id)} {p.Command}\n"
                : $"{p.Id,7} {p.Terminal,-8} 00:00:00 {bare.TrimStart('-')}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static async ValueTask<int> TopAsync(Invocation i)
    {
        var all = Processes.List(i.State.Visit, HasTerminal(i));
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"top -{SystemCommands.UptimeLine(i)}\nTasks: {all.Count,3} total,   1 running, {all.Count - 1,3} sleeping,   0 stopped,   0 zombie\n%Cpu(s):  0.3 us,  0.3 sy,  0.0 ni, 99.3 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\n");
        text.Append(CultureInfo.InvariantCulture, $"MiB Mem : {i.Machine.MemoryKilobytes / 1024.0,8:0.0} total, {i.Machine.MemoryKilobytes * 0.45 / 1024,8:0.0} free, {i.Machine.MemoryKilobytes * 0.21 / 1024,8:0.0} used, {i.Machine.MemoryKilobytes * 0.34 / 1024,8:0.0} buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used. {i.Machine.MemoryKilobytes * 0.79 / 1024,8:0.0} avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n");
        foreach (var p in all.OrderByDescending(p => p.Memory).Take(15))
        {
            text.Append(CultureInfo.InvariantCulture, $"{p.Id,7} {p.User,-8}  20   0 {(p.Memory * 2) + 4000,7} {p.Memory,6} {p.Memory / 2,6} S   0.0 {p.Memory * 100.0 / i.Machine.MemoryKilobytes,5:0.0}   0:0{p.Id % 7}.{p.Id % 100:00} {p.Command.Split(' ')[0].Split('/')[^1]}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static async ValueTask<int> FindAsync(Invocation i)
    {
        string name = i.OperandsWithout("u").FirstOrDefault("");
        int[] found = [.. Processes.List(i.State.Visit, HasTerminal(i)).Where(p => name.Length > 0 && (i.Has('f') ? p.Command : p.Command.Split(' ')[0]).Contains(name, StringComparison.Ordinal)).Select(p => p.Id)];
        string separator = i.Name is "pidof" ? " " : "\n";
        await i.PrintAsync(found.Length == 0 ? "" : string.Join(separator, found.Select(id => id.ToString(CultureInfo.InvariantCulture))) + "\n");
        return found.Length == 0 ? 1 : 0;
    }

    private static ValueTask<int> FindQuietly(Invocation i)
    {
        string name = i.OperandsWithout("u").FirstOrDefault("");
        return new(name.Length > 0 && Processes.List(i.State.Visit, HasTerminal(i)).Any(p => p.Command.Contains(name, StringComparison.Ordinal)) ? 0 : 1);
    }

    private static async ValueTask<int> KillAllAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.Operands)
        {
            if (!Processes.List(i.State.Visit, HasTerminal(i)).Any(p => string.Equals(p.Command.Split(' ')[0].Split('/')[^1], name, StringComparison.Ordinal)))
            {
                await i.Streams.Error.WriteAsync($"{name}: no process found\n", i.Cancellation);
                status = 1;
            }
        }

        return status;
    }

    private static async ValueTask<int> ServicesAsync(Invocation i)
    {
        string verb = i.Operands.Count > 0 ? i.Operands[0] : "list-units", unit = i.Operands.Count > 1 ? i.Operands[1].Replace(".service", "", StringComparison.Ordinal) : "";
        bool known = unit is "ssh" or "sshd" or "cron" or "apache2" or "mysql" or "rsyslog" or "systemd-journald";
        switch (verb)
        {
            case "status" when unit.Length > 0:
                if (!known)
                {
                    await i.Streams.Error.WriteAsync($"Unit {unit}.service could not be found.\n", i.Cancellation);
                    return 4;
                }

                return await SystemCommands.PrintAsync(i, $"● {unit}.service\n     Loaded: loaded (/usr/lib/systemd/system/{unit}.service; enabled; preset: enabled)\n     Active: active (running) since {i.Machine.BootTime.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\n");
            case "is-active":
                await i.PrintAsync(known ? "active\n" : "inactive\n");
                return known ? 0 : 3;
            case "start" or "stop" or "restart" or "enable" or "disable" or "reload" or "mask":
                if (i.State.Visit.UserId != 0)
                {
                    await i.Streams.Error.WriteAsync($"Failed to {verb} {unit}.service: Interactive authentication required.\n", i.Cancellation);
                    return 1;
                }

                if (!known)
                {
                    await i.Streams.Error.WriteAsync($"Failed to {verb} {unit}.service: Unit {unit}.service not found.\n", i.Cancellation);
                    return 5;
                }

                return 0;
            case "daemon-reload":
                return 0;
            default:
                return await SystemCommands.PrintAsync(i, "  UNIT                     LOAD   ACTIVE SUB     DESCRIPTION\n  apache2.service          loaded active running The Apache HTTP Server\n  cron.service             loaded active running Regular background program processing daemon\n  mysql.service            loaded active running MySQL Community Server\n  rsyslog.service          loaded active running System Logging Service\n  ssh.service              loaded active running OpenBSD Secure Shell server\n");
        }
    }

    private static ValueTask<int> ServiceAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        return operands.Count < 2 ? new(0) : ServicesAsync(i with { Arguments = [operands[1], operands[0]] });
    }

    private static async ValueTask<int> CrontabAsync(Invocation i)
    {
        string path = $"/var/spool/cron/crontabs/{i.State.Visit.UserName}";
        if (i.Has('l'))
        {
            if (i.Files.Read(path, out byte[] content) != Files.FileError.None)
            {
                await i.Streams.Error.WriteAsync($"no crontab for {i.State.Visit.UserName}\n", i.Cancellation);
                return 1;
            }

            await i.Streams.Output.WriteAsync(content, i.Cancellation);
            return 0;
        }

        if (i.Has('r'))
        {
            i.Files.Remove(path);
            return 0;
        }

        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.Operands);
        foreach ((_, string text) in files)
        {
            byte[] content = Encoding.Latin1.GetBytes(text);
            i.Files.Write(path, content, i.State.Visit.UserId, 0, 0x180);
            i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, content), Size = content.Length, Method = "crontab" });
        }

        return status;
    }
}
