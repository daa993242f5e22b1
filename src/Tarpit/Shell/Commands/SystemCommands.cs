using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that tell what machine it is. All facts come from <see cref="World.Machine"/> or from its files.</summary>
internal static class SystemCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["uname"] = UnameAsync,
        ["arch"] = i => PrintAsync(i, "x86_64\n"),
        ["hostname"] = HostNameAsync,
        ["hostnamectl"] = HostControlAsync,
        ["free"] = FreeAsync,
        ["nproc"] = i => PrintAsync(i, i.Machine.ProcessorCount.ToString(CultureInfo.InvariantCulture) + "\n"),
        ["lscpu"] = ProcessorAsync,
        ["dmesg"] = i => i.State.Visit.UserId != 0 ? i.FailAsync("read kernel buffer failed: Operation not permitted") : PrintAsync(i, i.Has('C') || i.Has('c') ? "" : string.Concat(World.KernelLog.Lines(i.Machine).Select(line => i.Has('T') ? string.Create(CultureInfo.InvariantCulture, $"[{i.Machine.BootTime.AddSeconds(line.Seconds):ddd MMM dd HH:mm:ss yyyy}] {line.Text}\n") : string.Create(CultureInfo.InvariantCulture, $"[{line.Seconds,12:0.000000}] {line.Text}\n")))),
        ["lsb_release"] = ReleaseAsync,
        ["lsmod"] = i => PrintAsync(i, "Module                  Size  Used by\n" + string.Concat(World.KernelFiles.Modules.Select(module => $"{module.Name,-22} {module.Size,6}  {module.Users.Replace(" -", "", StringComparison.Ordinal).TrimEnd(',')}\n"))),
        ["timedatectl"] = i => PrintAsync(i, $"               Local time: {i.Machine.Now.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\n           Universal time: {i.Machine.Now.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\n                 RTC time: {i.Machine.Now.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: {(i.State.Visit.Memory.Services.Get("systemd-timesyncd") == World.State.ServiceState.Active ? "yes" : "no")}\n              NTP service: {(i.State.Visit.Memory.Services.Get("systemd-timesyncd") == World.State.ServiceState.Active ? "active" : "inactive")}\n          RTC in local TZ: no\n"),
        ["getconf"] = i => PrintAsync(i, i.Operands is ["LONG_BIT", ..] ? "64\n" : i.Operands is ["_NPROCESSORS_ONLN" or "_NPROCESSORS_CONF" or "NPROCESSORS_ONLN", ..] ? $"{i.Machine.ProcessorCount}\n" : i.Operands is ["GNU_LIBC_VERSION", ..] ? "glibc 2.39\n" : i.Operands is ["_PHYS_PAGES", ..] ? $"{i.Machine.MemoryKilobytes / 4}\n" : i.Operands is ["ARG_MAX", ..] ? "2097152\n" : "4096\n"),
        ["clear"] = async i =>
        {
            if (i.State.Find("TERM") is { Length: > 0 })
            {
                return await PrintAsync(i, "\x1b[H\x1b[2J\x1b[3J");
            }

            await i.Streams.Error.WriteAsync("TERM environment variable not set.\n", i.Cancellation);
            return 1;
        },
        ["reset"] = i => i.State.Io.Terminal is null ? i.FailAsync("terminal attributes: No such device or address", 10) : PrintAsync(i, "\x1b" + "c"),
        ["tty"] = i => ProcessCommands.HasTerminal(i) ? PrintAsync(i, $"/dev/{i.State.Visit.TerminalName}\n") : PrintAsync(i, "not a tty\n", 1),
        ["stty"] = TerminalCommand.RunAsync,
        ["locale"] = i => PrintAsync(i, "LANG=C.UTF-8\nLANGUAGE=\nLC_CTYPE=\"C.UTF-8\"\nLC_ALL=\n"),
        ["sysctl"] = SysctlAsync,
        ["reboot"] = RestartAsync,
        ["shutdown"] = RestartAsync,
        ["poweroff"] = RestartAsync,
        ["halt"] = RestartAsync,
    };

    public static async ValueTask<int> PrintAsync(Invocation i, string text)
    {
        // What is written above in UTF-8 goes out as its bytes.
        await i.Streams.Output.WriteAsync(Encoding.UTF8.GetBytes(text), i.Cancellation);
        return 0;
    }

    public static async ValueTask<int> PrintAsync(Invocation i, string text, int status)
    {
        await PrintAsync(i, text);
        return status;
    }

    private static async ValueTask<int> HostNameAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "aAbdfF:iIsyV", ("fqdn", 'f'), ("long", 'f'), ("short", 's'), ("ip-address", 'i'), ("all-ip-addresses", 'I'), ("domain", 'd'), ("file", 'F'));
        World.State.MachineState state = i.State.Visit.Memory;
        string? name = options.Operands.Count > 0 ? options.Operands[0] : null;
        if (options.Value('F') is { } file)
        {
            FileError error = i.Read(file, out byte[] content);
            if (error != FileError.None)
            {
                return await i.FailAsync($"can't open `{file}'");
            }

            name = Encoding.Latin1.GetString(content).Trim();
        }

        if (name is not null)
        {
            if (i.State.Visit.UserId != 0)
            {
                return await i.FailAsync("you must be root to change the host name");
            }

            if (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) || name[0] is '-' or '.')
            {
                return await i.FailAsync("the specified hostname is invalid");
            }

            state.HostName = name;
            return 0;
        }

        return await PrintAsync(i, options.Has('I') ? $"{World.Network.Own(state.Address)} \n" : options.Has('i') ? "127.0.1.1\n" : options.Has('d') || options.Has('y') ? "\n" : options.Has('s') ? state.HostName.Split('.')[0] + "\n" : state.HostName + "\n");
    }

    private static async ValueTask<int> HostControlAsync(Invocation i)
    {
        World.State.MachineState state = i.State.Visit.Memory;
        if (i.Operands is ["set-hostname" or "hostname", var name, ..])
        {
            if (i.State.Visit.UserId != 0)
            {
                await i.Streams.Error.WriteAsync("Could not set static hostname: Interactive authentication required.\n", i.Cancellation);
                return 1;
            }

            state.HostName = name;
            i.Files.Write("/etc/hostname", Encoding.Latin1.GetBytes(state.HostName + "\n"), 0, 0);
            return 0;
        }

        i.Files.Read("/etc/hostname", out byte[] content);
        string fixedName = Encoding.Latin1.GetString(content).Trim();
        string transient = string.Equals(fixedName, state.HostName, StringComparison.Ordinal) ? "" : $"Transient hostname: {state.HostName}\n";
        return await PrintAsync(i, i.Operands is ["hostname"] ? state.HostName + "\n" : $" Static hostname: {fixedName}\n{transient}       Icon name: computer-vm\n         Chassis: vm 🖴\n      Machine ID: {i.Machine.MachineId}\n         Boot ID: {i.Machine.BootId.Replace("-", "", StringComparison.Ordinal)}\n  Virtualization: kvm\nOperating System: {i.Machine.Release}\n          Kernel: Linux {i.Machine.Kernel}\n    Architecture: x86-64\n Hardware Vendor: QEMU\n  Hardware Model: Standard PC (i440FX + PIIX, 1996)\nFirmware Version: rel-1.16.3-0-ga6ed6b701f0a-prebuilt.qemu.org\n");
    }

    private static ValueTask<int> ReleaseAsync(Invocation i)
    {
        bool isShort = i.Has('s', "short"), all = i.Has('a', "all");
        (char Letter, string LongName, string Head, string Value)[] lines = [('i', "id", "Distributor ID:\t", "Ubuntu"), ('d', "description", "Description:\t", i.Machine.Release), ('r', "release", "Release:\t", "24.04"), ('c', "codename", "Codename:\t", "noble")];
        string text = string.Concat(lines.Where(line => all || i.Has(line.Letter, line.LongName)).Select(line => isShort ? line.Value + "\n" : line.Head + line.Value + "\n"));
        return PrintAsync(i, text.Length == 0 || all ? "No LSB modules are available.\n" + text : text);
    }

    // The machine goes down under its user: the connection ends.
    private static async ValueTask<int> RestartAsync(Invocation i)
    {
        if (i.State.Visit.UserId != 0)
        {
            await i.Streams.Error.WriteAsync($"Call to {(i.Name is "reboot" ? "Reboot" : "PowerOff")} failed: Interactive authentication required.\n", i.Cancellation);
            return 1;
        }

        if (i.Name is "shutdown")
        {
            bool isCancel = i.Has('c');
            await i.Streams.Error.WriteAsync(isCancel ? "" : $"Shutdown scheduled for {i.Machine.Now.AddMinutes(1).ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, use 'shutdown -c' to cancel.\n", i.Cancellation);
            return 0;
        }

        await i.Streams.Error.WriteAsync($"\nBroadcast message from root@{i.State.Visit.Memory.HostName} on {i.State.Visit.TerminalName} ({i.Machine.Now.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC):\n\nThe system will {(i.Name is "reboot" ? "reboot" : "power off")} now!\n\n", i.Cancellation);
        return 0;
    }

    private static async ValueTask<int> UnameAsync(Invocation i)
    {
        (char Letter, string Name, string Text)[] parts =
        [
            ('s', "kernel-name", "Linux"), ('n', "nodename", i.State.Visit.Memory.HostName), ('r', "kernel-release", i.Machine.Kernel), ('v', "kernel-version", i.Machine.KernelBuild),
            ('m', "machine", "x86_64"), ('p', "processor", "x86_64"), ('i', "hardware-platform", "x86_64"), ('o', "operating-system", "GNU/Linux"),
        ];
        bool all = i.Has('a', "all"), any = i.Arguments.Count > 0;
        await i.PrintAsync(string.Join(' ', parts.Where(p => all || (any ? i.Has(p.Letter, p.Name) : p.Letter == 's')).Select(p => p.Text)) + "\n");
        return 0;
    }

    private static async ValueTask<int> FreeAsync(Invocation i)
    {
        long total = i.Machine.MemoryKilobytes, used = World.MemoryUse.Used(i.Machine), buffers = World.MemoryUse.Cached(i.Machine), free = World.MemoryUse.Free(i.Machine);
        long unit = i.Has('m', "mebi") ? 1024 : i.Has('g', "gibi") ? 1024 * 1024 : 1;
        bool isHuman = i.Has('h', "human");
        string Show(long kilobytes) => isHuman ? Size(kilobytes) : i.Has('b', "bytes") ? (kilobytes * 1024).ToString(CultureInfo.InvariantCulture) : (kilobytes / unit).ToString(CultureInfo.InvariantCulture);
        string sum = i.Has('t', "total") ? $"Total:  {Show(total),12}{Show(used),12}{Show(free),12}\n" : "";
        await i.PrintAsync($"               total        used        free      shared  buff/cache   available\nMem:    {Show(total),12}{Show(used),12}{Show(free),12}{Show(World.MemoryUse.Shared),12}{Show(buffers),12}{Show(total - used),12}\nSwap:   {Show(MountCommands.Swaps(i.State.Visit.Memory).Sum(swap => swap.Kilobytes)),12}{Show(0),12}{Show(MountCommands.Swaps(i.State.Visit.Memory).Sum(swap => swap.Kilobytes)),12}\n{sum}");
        return 0;

        static string Size(long kilobytes)
        {
            double value = kilobytes;
            int at = 0;
            for (; value >= 1024; at++)
            {
                value /= 1024;
            }

            return kilobytes == 0 ? "0B" : value < 10 ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{"KMGT"[at]}i") : string.Create(CultureInfo.InvariantCulture, $"{value:0}{"KMGT"[at]}i");
        }
    }

    private static async ValueTask<int> ProcessorAsync(Invocation i)
    {
        var cpu = i.Machine.Processor;
        int count = i.Machine.ProcessorCount;
        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"""
            Architecture:             x86_64
              CPU op-mode(s):         32-bit, 64-bit
              Address sizes:          40 bits physical, 48 bits virtual
              Byte Order:             Little Endian
            CPU(s):                   {count}
              On-line CPU(s) list:    {(count == 1 ? "0" : $"0-{count - 1}")}
            Vendor ID:                {(cpu.Model.StartsWith("AMD", StringComparison.Ordinal) ? "AuthenticAMD" : "GenuineIntel")}
              Model name:             {cpu.Model}
                CPU family:           {cpu.Family}
                Model:                {cpu.Number}
                Thread(s) per core:   1
                Core(s) per socket:   {count}
                Socket(s):            1
                Stepping:             {cpu.Stepping}
                BogoMIPS:             {double.Parse(cpu.Mhz, CultureInfo.InvariantCulture) * 2:0.00}
            Virtualization features:  
              Hypervisor vendor:      KVM
              Virtualization type:    full

            """));
        return 0;
    }

    private static async ValueTask<int> SysctlAsync(Invocation i)
    {
        if (i.Has('p', "load") || i.Has('\0', "system"))
        {
            return i.State.Visit.UserId == 0 ? 0 : await i.FailAsync("permission denied on key \"net.ipv4.ip_forward\"", 255);
        }

        StringBuilder text = new();
        if (i.Has('a', "all"))
        {
            Walk("/proc/sys", text, i);
            await i.PrintAsync(text.ToString());
            return 0;
        }

        foreach (string name in i.Operands)
        {
            string key = name.Split('=')[0].Trim().Replace('/', '.'), path = "/proc/sys/" + key.Replace('.', '/');
            if (i.Files.Read(path, out byte[] content) != FileError.None)
            {
                return await i.FailAsync($"cannot stat {path}: No such file or directory", 255);
            }

            if (name.Contains('=', StringComparison.Ordinal))
            {
                if (i.State.Visit.UserId != 0)
                {
                    return await i.FailAsync($"permission denied on key \"{key}\"", 255);
                }

                if ((i.Files.Find(path)?.Mode & 0x80) == 0)
                {
                    return await i.FailAsync($"permission denied on key \"{key}\"", 255);
                }

                i.Files.Write(path, Encoding.Latin1.GetBytes(name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim() + "\n"), 0, 0);
                await i.PrintAsync($"{key} = {name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()}\n");
                continue;
            }

            string value = Encoding.Latin1.GetString(content).TrimEnd('\n');
            await i.PrintAsync(i.Has('n', "values") ? value + "\n" : $"{key} = {value}\n");
        }

        return 0;
    }

    private static void Walk(string path, StringBuilder text, Invocation i)
    {
        foreach ((string name, Node node) in i.Files.Find(path) is FolderNode folder ? folder.Entries : System.Collections.Immutable.ImmutableSortedDictionary<string, Node>.Empty)
        {
            if (node is FileNode file)
            {
                text.Append($"{path}/{name}"[10..].Replace('/', '.')).Append(" = ").Append(Encoding.Latin1.GetString(file.Content.Read()).TrimEnd('\n')).Append('\n');
            }
            else
            {
                Walk($"{path}/{name}", text, i);
            }
        }
    }
}
