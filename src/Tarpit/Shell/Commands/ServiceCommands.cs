using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>systemd: units and their log. Units that a visitor wrote are known too.</summary>
internal static class ServiceCommands
{
    private const int NotActive = 3;
    private const int NotFound = 4;

    private static readonly string[] s_folders = ["/etc/systemd/system", "/usr/lib/systemd/system", "/run/systemd/system"];

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["systemctl"] = ControlAsync,
        ["service"] = ServiceAsync,
        ["journalctl"] = JournalAsync,
        ["update-rc.d"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("error: Permission denied"),
        ["invoke-rc.d"] = i => new(0),
        ["initctl"] = i => i.FailAsync("Unable to connect to Upstart: Failed to connect to socket /com/ubuntu/upstart: Connection refused"),
        ["telinit"] = i => new(0),
        ["runlevel"] = i => SystemCommands.PrintAsync(i, "N 5\n"),
        ["systemd-analyze"] = i => SystemCommands.PrintAsync(i, $"Startup finished in 2.{i.Machine.Number("boot-k", 100, 999)}s (kernel) + {i.Machine.Number("boot-u", 8, 30)}.{i.Machine.Number("boot-m", 100, 999)}s (userspace) = {i.Machine.Number("boot-u", 8, 30) + 3}.042s \ngraphical.target reached after 12.120s in userspace.\n"),
        ["systemd-detect-virt"] = i => SystemCommands.PrintAsync(i, "kvm\n"),
        ["systemd-cat"] = i => new(0),
    };

    private static string Bare(string unit) => unit.EndsWith(".service", StringComparison.Ordinal) ? unit[..^8] : unit;

    // The path of a unit's file; null: there is no such unit.
    private static string? UnitFile(Invocation i, string name)
    {
        string bare = SystemServices.Find(name)?.Name ?? Bare(name);
        string file = bare.Contains('.', StringComparison.Ordinal) && !bare.Contains('@', StringComparison.Ordinal) ? bare : bare + ".service";
        return s_folders.Select(folder => $"{folder}/{file}").FirstOrDefault(path => i.Files.Find(path) is FileNode);
    }

    private static string Description(Invocation i, string path) => Setting(i, path, "Description") ?? path.Split('/')[^1];

    private static string? Setting(Invocation i, string path, string key)
    {
        i.Files.Read(path, out byte[] content);
        string? line = TextCommands.Lines(Encoding.Latin1.GetString(content)).FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal));
        return line?[(key.Length + 1)..];
    }

    private static ServiceState StateOf(Invocation i, string name)
    {
        ServiceTable services = i.State.Visit.Memory.Services;
        return SystemServices.Find(name) is { } own ? services.Get(own.Name) : services.Changed(name) is null ? ServiceState.Stopped : services.Get(name);
    }

    private static async ValueTask<int> ControlAsync(Invocation i)
    {
        string[] operands = [.. i.OperandsWithout("pnt")];
        string verb = operands.FirstOrDefault("list-units");
        string[] units = [.. operands.Skip(1)];
        switch (verb)
        {
            case "status" when units.Length == 0:
                return await SystemCommands.PrintAsync(i, $"● {i.State.Visit.Memory.HostName}\n    State: running\n    Units: {412 + SystemServices.All.Count} loaded (incl. loaded aliases)\n     Jobs: 0 queued\n   Failed: {SystemServices.All.Count(service => i.State.Visit.Memory.Services.Get(service.Name) == ServiceState.Failed)} units\n    Since: {i.Machine.BootTime.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\n  systemd: 255.4-1ubuntu8.4\n");
            case "status":
                return await StatusAsync(i, units);
            case "is-active" or "is-enabled" or "is-failed":
                return await AskAsync(i, verb, units);
            case "start" or "stop" or "restart" or "reload" or "try-restart" or "enable" or "disable" or "mask" or "unmask" or "kill" or "reenable":
                return await ChangeAsync(i, verb, units);
            case "cat":
                return await ShowFileAsync(i, units);
            case "show":
                return await ShowAsync(i, units);
            case "daemon-reload" or "daemon-reexec" or "reset-failed" or "set-default" or "edit" or "link" or "preset":
                return i.State.Visit.UserId == 0 ? 0 : await RefuseAsync(i, "reload daemon");
            case "list-unit-files":
                return await SystemCommands.PrintAsync(i, "UNIT FILE                                  STATE           PRESET\n" + string.Concat(Names(i).Select(name => $"{name + ".service",-42} {(IsEnabled(i, name) ? "enabled " : "disabled")}        enabled\n")) + $"\n{Names(i).Count} unit files listed.\n");
            case "list-timers":
                return await SystemCommands.PrintAsync(i, $"NEXT                            LEFT LAST                              PASSED UNIT                         ACTIVATES\n{i.Machine.Now.AddMinutes(6):ddd yyyy-MM-dd HH:mm:ss} UTC     6min {i.Machine.Now.AddMinutes(-4):ddd yyyy-MM-dd HH:mm:ss} UTC     4min ago sysstat-collect.timer        sysstat-collect.service\n\n1 timers listed.\n");
            case "get-default":
                return await SystemCommands.PrintAsync(i, "graphical.target\n");
            case "is-system-running":
                return await SystemCommands.PrintAsync(i, "running\n");
            case "reboot" or "poweroff" or "halt":
                return i.State.Visit.UserId == 0 ? 0 : await RefuseAsync(i, $"{verb} system via logind");
            case "list-units" or "list-sockets" or "--failed":
                return await ListAsync(i);
            default:
                await i.Streams.Error.WriteAsync($"Unknown command verb '{verb}', did you mean 'status'?\n", i.Cancellation);
                return 1;
        }
    }

    private static ValueTask TellAsync(Invocation i, string text) => i.Has('q', "quiet") ? ValueTask.CompletedTask : i.Streams.Error.WriteAsync(Encoding.UTF8.GetBytes(text), i.Cancellation);

    private static async ValueTask<int> RefuseAsync(Invocation i, string what)
    {
        await i.Streams.Error.WriteAsync($"Failed to {what}: Interactive authentication required.\nSee system logs and 'systemctl status' for details.\n", i.Cancellation);
        return 1;
    }

    private static bool IsEnabled(Invocation i, string name) => SystemServices.Find(name) is { } own ? i.State.Visit.Memory.Services.IsEnabled(own.Name) : i.Files.Find($"/etc/systemd/system/multi-user.target.wants/{Bare(name)}.service", follow: false) is not null;

    private static List<string> Names(Invocation i) => [.. s_folders.Select(folder => i.Files.Find(folder)).OfType<FolderNode>().SelectMany(folder => folder.Entries.Where(entry => entry.Value is FileNode && entry.Key.EndsWith(".service", StringComparison.Ordinal)).Select(entry => entry.Key[..^8])).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static ValueTask<int> ListAsync(Invocation i)
    {
        IEnumerable<(string Name, string Description)> all = SystemServices.All.Select(service => (service.Name, service.Description))
            .Concat(i.State.Visit.Memory.Services.Changes.Where(change => SystemServices.Find(change.Name) is null).Select(change => (change.Name, UnitFile(i, change.Name) is { } path ? Description(i, path) : change.Name)));
        string state = i.Arguments.FirstOrDefault(argument => argument.StartsWith("--state=", StringComparison.Ordinal))?[8..] ?? (i.Has('\0', "failed") ? "failed" : "");
        List<string> rows = [];
        foreach ((string name, string description) in all.OrderBy(unit => unit.Name, StringComparer.Ordinal))
        {
            (string active, string sub) = StateOf(i, name) switch { ServiceState.Active => ("active", "running"), ServiceState.Failed => ("failed", "failed"), _ => ("inactive", "dead") };
            if ((state.Length == 0 && (active is not "inactive" || i.Has('a', "all"))) || state.Split(',').Any(wanted => string.Equals(wanted, active, StringComparison.Ordinal) || string.Equals(wanted, sub, StringComparison.Ordinal)))
            {
                rows.Add($"{(active is "failed" ? "● " : "  ")}{name + ".service",-36} loaded {active,-6} {sub,-7} {description}\n");
            }
        }

        return SystemCommands.PrintAsync(i, $"  {"UNIT",-36} LOAD   ACTIVE SUB     DESCRIPTION\n{string.Concat(rows)}\nLegend: LOAD   → Reflects whether the unit definition was properly loaded.\n        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.\n        SUB    → The low-level unit activation state, values depend on unit type.\n\n{rows.Count} loaded units listed.\n");
    }

    private static async ValueTask<int> StatusAsync(Invocation i, string[] units)
    {
        int status = 0;
        foreach (string unit in units)
        {
            string name = SystemServices.Find(unit)?.Name ?? Bare(unit);
            if (UnitFile(i, unit) is not { } path)
            {
                await i.Streams.Error.WriteAsync($"Unit {Bare(unit)}.service could not be found.\n", i.Cancellation);
                status = NotFound;
                continue;
            }

            ServiceState state = StateOf(i, name);
            status = state == ServiceState.Active ? status : NotActive;
            await SystemCommands.PrintAsync(i, ServiceStatus.Text(i, name, path, Description(i, path), state, IsEnabled(i, name)));
        }

        return status;
    }

    private static async ValueTask<int> AskAsync(Invocation i, string verb, string[] units)
    {
        int status = 0;
        foreach (string unit in units)
        {
            bool isKnown = UnitFile(i, unit) is not null;
            ServiceState state = isKnown ? StateOf(i, Bare(unit)) : ServiceState.Stopped;
            (string answer, int code) = verb switch
            {
                "is-enabled" => !isKnown ? ("not-found", NotFound) : IsEnabled(i, Bare(unit)) ? ("enabled", 0) : ("disabled", 1),
                _ => state switch { ServiceState.Active => ("active", verb is "is-failed" ? 1 : 0), ServiceState.Failed => ("failed", verb is "is-failed" ? 0 : NotActive), _ => ("inactive", verb is "is-failed" ? 1 : isKnown ? NotActive : NotFound) },
            };
            await i.PrintAsync(i.Has('q', "quiet") ? "" : answer + "\n");
            status = code == 0 ? status : code;
        }

        return status;
    }

    private static async ValueTask<int> ChangeAsync(Invocation i, string verb, string[] units)
    {
        int status = 0;
        ServiceTable services = i.State.Visit.Memory.Services;
        foreach (string unit in units)
        {
            string name = SystemServices.Find(unit)?.Name ?? Bare(unit);
            if (i.State.Visit.UserId != 0)
            {
                return await RefuseAsync(i, $"{verb} {name}.service");
            }

            if (UnitFile(i, unit) is not { } path)
            {
                await i.Streams.Error.WriteAsync(verb is "enable" or "disable" ? $"Failed to {verb} unit: Unit file {name}.service does not exist.\n" : $"Failed to {verb} {name}.service: Unit {name}.service not found.\n", i.Cancellation);
                status = verb is "enable" or "disable" ? 1 : 5;
                continue;
            }

            string wants = $"/etc/systemd/system/multi-user.target.wants/{name}.service";
            switch (verb)
            {
                case "enable" or "reenable" when !IsEnabled(i, name):
                    services.Enable(name, true);
                    i.Files.Put(wants, new LinkNode(path) { Mode = 0x1FF, Modified = i.Machine.Now });
                    await TellAsync(i, $"Created symlink {wants} → {path}.\n");
                    break;
                case "disable" or "mask" when IsEnabled(i, name):
                    services.Enable(name, false);
                    i.Files.Remove(wants);
                    await TellAsync(i, $"Removed \"{wants}\".\n");
                    break;
                case "stop" or "kill":
                    Stop(i, name, path);
                    break;
                case "start" when StateOf(i, name) == ServiceState.Active:
                    break;
                case "start" or "restart" or "try-restart":
                    await StartAsync(i, name, path);
                    break;
            }

            if (i.Has('\0', "now") && verb is "enable" or "disable")
            {
                if (verb is "disable")
                {
                    Stop(i, name, path);
                }
                else if (StateOf(i, name) != ServiceState.Active)
                {
                    await StartAsync(i, name, path);
                }
            }
        }

        return status;
    }

    private static void Stop(Invocation i, string name, string path)
    {
        i.State.Visit.Memory.Services.Set(name, ServiceState.Stopped);
        string? command = SystemServices.Find(name) is null ? Setting(i, path, "ExecStart") : null;
        foreach (RunningProcess process in i.State.Visit.Memory.Processes.All.Where(process => process.Parent == 1 && string.Equals(process.Command, command, StringComparison.Ordinal)))
        {
            i.State.Visit.Memory.Processes.End(process.Id);
        }
    }

    // A unit of the visitor's own runs what it names.
    private static async ValueTask StartAsync(Invocation i, string name, string path)
    {
        i.State.Visit.Memory.Services.Set(name, ServiceState.Active);
        await i.WaitAsync(0.3);
        if (SystemServices.Find(name) is null && Setting(i, path, "ExecStart") is { Length: > 0 } command)
        {
            i.State.Visit.Memory.Processes.Start(command, Setting(i, path, "User") ?? "root", 1, "?", "/");
        }
    }

    private static async ValueTask<int> ShowFileAsync(Invocation i, string[] units)
    {
        foreach (string unit in units)
        {
            if (UnitFile(i, unit) is not { } path)
            {
                await i.Streams.Error.WriteAsync($"No files found for {Bare(unit)}.service.\n", i.Cancellation);
                return 1;
            }

            i.Files.Read(path, out byte[] content);
            await i.PrintAsync($"# {path}\n{Encoding.Latin1.GetString(content)}");
        }

        return 0;
    }

    private static async ValueTask<int> ShowAsync(Invocation i, string[] units)
    {
        string wanted = i.Value('p') ?? i.Arguments.FirstOrDefault(argument => argument.StartsWith("--property=", StringComparison.Ordinal))?[11..] ?? "";
        foreach (string unit in units)
        {
            string name = SystemServices.Find(unit)?.Name ?? Bare(unit);
            bool isActive = UnitFile(i, unit) is not null && StateOf(i, name) == ServiceState.Active;
            (string Key, string Value)[] all = [("Id", name + ".service"), ("MainPID", isActive && SystemServices.Find(name) is { } service ? i.State.Visit.Memory.Processes.MainProcess(service).ToString(CultureInfo.InvariantCulture) : "0"), ("LoadState", UnitFile(i, unit) is null ? "not-found" : "loaded"), ("ActiveState", isActive ? "active" : "inactive"), ("SubState", isActive ? "running" : "dead"), ("FragmentPath", UnitFile(i, unit) ?? ""), ("UnitFileState", IsEnabled(i, name) ? "enabled" : "disabled")];
            await i.PrintAsync(string.Concat(all.Where(pair => wanted.Length == 0 || wanted.Split(',').Contains(pair.Key, StringComparer.Ordinal)).Select(pair => i.Has('\0', "value") ? pair.Value + "\n" : $"{pair.Key}={pair.Value}\n")));
        }

        return 0;
    }

    private static async ValueTask<int> ServiceAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        if (i.Has('\0', "status-all"))
        {
            return await SystemCommands.PrintAsync(i, string.Concat(SystemServices.All.Select(service => $" [ {(i.State.Visit.Memory.Services.Get(service.Name) == ServiceState.Active ? '+' : '-')} ]  {service.Name}\n")));
        }

        if (operands.Count < 2)
        {
            await i.Streams.Error.WriteAsync("Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n", i.Cancellation);
            return 1;
        }

        return UnitFile(i, operands[0]) is null ? await i.FailAsync("", 1) : await ControlAsync(i with { Name = "systemctl", Arguments = [operands[1], operands[0]] });
    }

    private static async ValueTask<int> JournalAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "u:n:fxeb:rkp:S:U:o:at:qD", ("unit", 'u'), ("lines", 'n'), ("follow", 'f'), ("reverse", 'r'), ("dmesg", 'k'), ("since", 'S'), ("until", 'U'), ("priority", 'p'), ("no-pager", 'a'), ("output", 'o'), ("identifier", 't'), ("quiet", 'q'), ("pager-end", 'e'), ("disk-usage", 'D'));
        if (options.Has('D'))
        {
            return await SystemCommands.PrintAsync(i, $"Archived and active journals take up {i.Machine.Number("journal", 24, 180)}.0M in the file system.\n");
        }

        string unit = options.Value('u') is { } named ? SystemServices.Find(named)?.Program ?? Bare(named) : options.Value('t') ?? "";
        string[] shown = [.. JournalLines.Of(i.State.Visit.Memory, unit, options.Has('k'))];
        int most = options.Value('n') is { } number ? int.TryParse(number, CultureInfo.InvariantCulture, out int count) ? Math.Max(0, count) : 10 : options.Has('f') ? 10 : 1000;
        shown = shown[^Math.Min(most, shown.Length)..];
        await SystemCommands.PrintAsync(i, shown.Length == 0 ? "-- No entries --\n" : string.Concat(options.Has('r') ? shown.Reverse() : shown));
        if (options.Has('f'))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, i.Machine.Time, i.Cancellation);
        }

        return 0;
    }
}
