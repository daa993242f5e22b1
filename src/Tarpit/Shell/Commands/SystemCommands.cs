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
        ["hostname"] = i => PrintAsync(i, i.Has('I') ? $"{i.State.Visit.Local.Address} \n" : i.Machine.HostName + "\n"),
        ["hostnamectl"] = i => PrintAsync(i, $" Static hostname: {i.Machine.HostName}\n       Icon name: computer-vm\n         Chassis: vm\n      Machine ID: {i.Machine.MachineId}\n  Virtualization: kvm\nOperating System: {i.Machine.Release}\n          Kernel: Linux {i.Machine.Kernel}\n    Architecture: x86-64\n"),
        ["uptime"] = i => PrintAsync(i, UptimeLine(i) + "\n"),
        ["free"] = FreeAsync,
        ["nproc"] = i => PrintAsync(i, i.Machine.ProcessorCount.ToString(CultureInfo.InvariantCulture) + "\n"),
        ["lscpu"] = ProcessorAsync,
        ["lsblk"] = i => PrintAsync(i, string.Create(CultureInfo.InvariantCulture, $"NAME    MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\nvda     252:0    0    {i.Machine.ProcessorCount * 25}G  0 disk \n├─vda1  252:1    0    {(i.Machine.ProcessorCount * 25) - 1}G  0 part /\n├─vda14 252:14   0     4M  0 part \n├─vda15 252:15   0   106M  0 part /boot/efi\n└─vda16 259:0    0   913M  0 part /boot\n")),
        ["mount"] = i => PrintFileAsync(i, "/proc/mounts", line => line.Split(' ') is [var device, var place, var type, var options, ..] ? $"{device} on {place} type {type} ({options})" : line),
        ["dmesg"] = i => i.State.Visit.UserId == 0 ? PrintAsync(i, $"[    0.000000] Linux version {i.Machine.Kernel} (buildd@lcy02-amd64-075) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0) {i.Machine.KernelBuild}\n[    0.000000] Command line: BOOT_IMAGE=/vmlinuz-{i.Machine.Kernel} root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0\n[    0.000000] KERNEL supported cpus:\n[    0.004012] Hypervisor detected: KVM\n[    1.920336] EXT4-fs (vda1): mounted filesystem with ordered data mode\n") : i.FailAsync("read kernel buffer failed: Operation not permitted"),
        ["lsb_release"] = i => PrintAsync(i, i.Has('d') && !i.Has('a') ? $"Description:\t{i.Machine.Release}\n" : $"No LSB modules are available.\nDistributor ID:\tUbuntu\nDescription:\t{i.Machine.Release}\nRelease:\t24.04\nCodename:\tnoble\n"),
        ["lspci"] = i => PrintAsync(i, "00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma] (rev 02)\n00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA [Natoma/Triton II]\n00:02.0 VGA compatible controller: Red Hat, Inc. Virtio 1.0 GPU (rev 01)\n00:03.0 Ethernet controller: Red Hat, Inc. Virtio network device\n00:04.0 SCSI storage controller: Red Hat, Inc. Virtio block device\n"),
        ["lsmod"] = i => PrintAsync(i, "Module                  Size  Used by\ntls                   155648  0\nqrtr                   53248  2\nvirtio_net             86016  0\nvirtio_rng             12288  0\nbtrfs                2015232  0\n"),
        ["timedatectl"] = i => PrintAsync(i, $"               Local time: {i.Machine.Now.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\n           Universal time: {i.Machine.Now.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: yes\n              NTP service: active\n          RTC in local TZ: no\n"),
        ["getconf"] = i => PrintAsync(i, i.Operands is ["LONG_BIT", ..] ? "64\n" : i.Operands is ["_NPROCESSORS_ONLN", ..] ? $"{i.Machine.ProcessorCount}\n" : "4096\n"),
        ["clear"] = i => PrintAsync(i, "\x1b[H\x1b[2J\x1b[3J"),
        ["reset"] = i => PrintAsync(i, "\x1b" + "c"),
        ["tty"] = i => PrintAsync(i, i.State.Io.Terminal is null ? "not a tty\n" : "/dev/pts/0\n"),
        ["stty"] = i => PrintAsync(i, i.Has('a') || i.Arguments.Count == 0 ? "speed 38400 baud; line = 0;\n-brkint -imaxbel\n" : i.Arguments is ["size"] && i.State.Io.Terminal is { } t ? $"{t.Rows} {t.Columns}\n" : ""),
        ["locale"] = i => PrintAsync(i, "LANG=C.UTF-8\nLANGUAGE=\nLC_CTYPE=\"C.UTF-8\"\nLC_ALL=\n"),
        ["iptables"] = i => i.State.Visit.UserId != 0 ? PermissionAsync(i) : PrintAsync(i, i.Has('L') ? "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain FORWARD (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n" : ""),
        ["ufw"] = i => PrintAsync(i, i.Operands is ["status", ..] ? "Status: inactive\n" : ""),
        ["sysctl"] = SysctlAsync,
        ["modprobe"] = i => i.State.Visit.UserId == 0 ? new(0) : PermissionAsync(i),
        ["reboot"] = i => i.State.Visit.UserId == 0 ? new(0) : PermissionAsync(i),
        ["shutdown"] = i => i.State.Visit.UserId == 0 ? new(0) : PermissionAsync(i),
    };

    public static async ValueTask<int> PrintAsync(Invocation i, string text)
    {
        // What is written above in UTF-8 goes out as its bytes.
        await i.Streams.Output.WriteAsync(Encoding.UTF8.GetBytes(text), i.Cancellation);
        return 0;
    }

    /// <summary>The first line of uptime and w.</summary>
    public static string UptimeLine(Invocation i)
    {
        TimeSpan up = i.Machine.Uptime;
        string days = up.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{up.Days} day{(up.Days == 1 ? "" : "s")}, ") : "";
        string hours = up.Hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{up.Hours,2}:{up.Minutes:00}") : string.Create(CultureInfo.InvariantCulture, $"{up.Minutes} min");
        return $" {i.Machine.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} up {days}{hours},  {(i.State.Io.Terminal is null ? "0 users" : "1 user")},  load average: {World.Load.Averages(i.Machine)}";
    }

    private static ValueTask<int> PermissionAsync(Invocation i) => i.FailAsync("Permission denied (you must be root)", 4);

    private static async ValueTask<int> PrintFileAsync(Invocation i, string path, Func<string, string> change)
    {
        i.Files.Read(path, out byte[] content);
        await i.PrintAsync(string.Concat(TextCommands.Lines(Encoding.Latin1.GetString(content)).Select(line => change(line) + "\n")));
        return 0;
    }

    private static async ValueTask<int> UnameAsync(Invocation i)
    {
        (char Letter, string Name, string Text)[] parts =
        [
            ('s', "kernel-name", "Linux"), ('n', "nodename", i.Machine.HostName), ('r', "kernel-release", i.Machine.Kernel), ('v', "kernel-version", i.Machine.KernelBuild),
            ('m', "machine", "x86_64"), ('p', "processor", "x86_64"), ('i', "hardware-platform", "x86_64"), ('o', "operating-system", "GNU/Linux"),
        ];
        bool all = i.Has('a', "all"), any = i.Arguments.Count > 0;
        await i.PrintAsync(string.Join(' ', parts.Where(p => all || (any ? i.Has(p.Letter, p.Name) : p.Letter == 's')).Select(p => p.Text)) + "\n");
        return 0;
    }

    private static async ValueTask<int> FreeAsync(Invocation i)
    {
        long total = i.Machine.MemoryKilobytes, used = total * 21 / 100, buffers = total * 34 / 100, free = total - used - buffers;
        long unit = i.Has('m', "mega") ? 1024 : i.Has('g', "giga") ? 1024 * 1024 : 1;
        string Show(long kilobytes) => i.Has('h', "human") ? ListingCommands.Human(kilobytes * 1024) + (kilobytes == 0 ? "B" : "i") : (kilobytes / unit).ToString(CultureInfo.InvariantCulture);
        await i.PrintAsync($"               total        used        free      shared  buff/cache   available\nMem:    {Show(total),12}{Show(used),12}{Show(free),12}{Show(1068),12}{Show(buffers),12}{Show(total - used),12}\nSwap:   {Show(0),12}{Show(0),12}{Show(0),12}\n");
        return 0;
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
        foreach (string name in i.Operands)
        {
            string key = name.Split('=')[0];
            if (name.Contains('=', StringComparison.Ordinal))
            {
                if (i.State.Visit.UserId != 0)
                {
                    return await i.FailAsync($"permission denied on key \"{key}\"");
                }

                await i.PrintAsync($"{key} = {name[(key.Length + 1)..]}\n");
                continue;
            }

            FileError error = i.Files.Read("/proc/sys/" + key.Replace('.', '/'), out byte[] content);
            if (error != FileError.None)
            {
                return await i.FailAsync($"cannot stat /proc/sys/{key.Replace('.', '/')}: No such file or directory", 255);
            }

            string value = Encoding.Latin1.GetString(content).TrimEnd('\n');
            await i.PrintAsync(i.Has('n') ? value + "\n" : $"{key} = {value}\n");
        }

        return 0;
    }
}
