using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Mounts, swap space, and flags of files: what root changes of them is there at a later visit.</summary>
internal static class MountCommands
{
    private const string Swap = "swap:", Prepared = "mkswap:", Letters = "aAcCdDeFijmNPsStTuVxfR";

    // lsattr shows them in this order.
    private const string Shown = "suSDiadAcEjItTeCxFNPVm";

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["mount"] = MountAsync,
        ["umount"] = UnmountAsync,
        ["findmnt"] = FindAsync,
        ["mountpoint"] = i => SystemCommands.PrintAsync(i, $"{i.Operands.FirstOrDefault("")} is {(IsMounted(i, i.Operands.FirstOrDefault("")) ? "" : "not ")}a mountpoint\n", IsMounted(i, i.Operands.FirstOrDefault("")) ? 0 : 32),
        ["swapon"] = SwapOnAsync,
        ["swapoff"] = SwapOffAsync,
        ["mkswap"] = PrepareAsync,
        ["lsattr"] = ListAttributesAsync,
        ["chattr"] = ChangeAttributesAsync,
    };

    /// <summary>Swap files that are in use, with their size in KiB.</summary>
    public static IReadOnlyList<(string Path, long Kilobytes)> Swaps(MachineState state) => [.. state.Kept.Below(Swap).Select(swap => (swap.Key, long.TryParse(swap.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? Math.Min(size, 1 << 30) : 0))];

    /// <summary>The size among the options of a tmpfs.</summary>
    public static long Kilobytes(string options, long otherwise)
    {
        string? size = options.Split(',').FirstOrDefault(option => option.StartsWith("size=", StringComparison.Ordinal))?[5..];
        return size is { Length: > 1 } && long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < 1 << 30
            ? char.ToLowerInvariant(size[^1]) switch { 'g' => number << 20, 'm' => number << 10, 'k' => number, _ => otherwise } : otherwise;
    }

    private static IReadOnlyList<(string Device, string Place, string Type, string Options)> Mounted(Invocation i) => Mounts.All(i.State.Visit.Memory);

    private static bool IsMounted(Invocation i, string name) => Mounted(i).Any(mount => string.Equals(mount.Place, i.State.Path(name), StringComparison.Ordinal));

    private static async ValueTask<int> MountAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "aBfhilL:nNo:O:rRsT:t:U:vVwM", ("bind", 'B'), ("rbind", 'R'), ("types", 't'), ("options", 'o'), ("move", 'M'), ("all", 'a'), ("version", 'V'), ("read-only", 'r'));
        string? type = options.Value('t');
        if (options.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, "mount from util-linux 2.39.3 (libmount 2.39.3: selinux, smack, btrfs, verity, namespaces, idmapping, statx, assert, debug)\n");
        }

        if (options.Operands.Count == 0)
        {
            return options.Has('a') ? 0 : await SystemCommands.PrintAsync(i, string.Concat(Mounted(i).Where(mount => type is null || string.Equals(type, mount.Type, StringComparison.Ordinal)).Select(mount => $"{mount.Device} on {mount.Place} type {mount.Type} ({mount.Options})\n")));
        }

        const string hint = "\n       dmesg(1) may have more information after failed mount system call.";
        string target = options.Operands[^1], place = i.State.Path(target), device = options.Operands[0], asked = string.Join(',', options.Values('o'));
        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync($"{target}: must be superuser to use mount.{hint}", 32);
        }

        if (asked.Split(',').Contains("remount", StringComparer.Ordinal))
        {
            return IsMounted(i, target) ? 0 : await i.FailAsync($"{target}: mount point not mounted or bad option.{hint}", 32);
        }

        if (options.Operands.Count == 1)
        {
            return await i.FailAsync($"{target}: can't find in /etc/fstab.");
        }

        if (i.Files.Find(place) is not { } node)
        {
            return await i.FailAsync($"{target}: mount point does not exist.{hint}", 32);
        }

        bool isBind = options.Has('B') || options.Has('R') || asked.Split(',').Contains("bind", StringComparer.Ordinal);
        if (isBind && i.Files.Find(i.State.Path(device)) is null)
        {
            return await i.FailAsync($"{target}: special device {device} does not exist.{hint}", 32);
        }

        if (!isBind && node is not FolderNode)
        {
            return await i.FailAsync($"{target}: mount point is not a directory.{hint}", 32);
        }

        string rest = string.Concat(asked.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(option => option is not ("bind" or "rbind" or "rw" or "ro" or "defaults" or "loop")).Select(option => "," + option));
        string? mount = isBind ? $"/dev/vda1\text4\trw,relatime,discard,errors=remount-ro,commit=30"
            : type is "tmpfs" or "ramfs" or "proc" or "sysfs" or "devpts" or "cgroup2" or "overlay" ? $"{device}\t{type}\t{(options.Has('r') || asked.Split(',').Contains("ro", StringComparer.Ordinal) ? "ro" : "rw")},relatime{rest}{(type is "tmpfs" ? ",inode64" : "")}" : null;
        if (mount is null)
        {
            return await i.FailAsync(i.Files.Find(i.State.Path(device)) is null ? $"{target}: special device {device} does not exist.{hint}" : type is not null && i.Files.Read("/proc/filesystems", out byte[] known) is FileError.None && !Encoding.Latin1.GetString(known).Contains("\t" + type + "\n", StringComparison.Ordinal) ? $"{target}: unknown filesystem type '{type}'.{hint}" : $"{target}: wrong fs type, bad option, bad superblock on {device}, missing codepage or helper program, or other error.{hint}", 32);
        }

        return i.State.Visit.Memory.Kept.TrySet(Mounts.Kept + place, mount) ? 0 : await i.FailAsync($"{target}: mount(2) system call failed: Cannot allocate memory.{hint}", 32);
    }

    private static async ValueTask<int> UnmountAsync(Invocation i)
    {
        int status = 0;
        if (i.Operands.Count == 0)
        {
            return await i.FailAsync("bad usage\nTry 'umount --help' for more information.");
        }

        foreach (string target in i.Operands)
        {
            string key = Mounts.Kept + i.State.Path(target);
            if (i.State.Visit.UserId == 0 && i.State.Visit.Memory.Kept.Get(key) is not null)
            {
                i.State.Visit.Memory.Kept.TrySet(key, null);
                continue;
            }

            status = !IsMounted(i, target) ? await i.FailAsync($"{target}: {(i.Files.Find(i.State.Path(target)) is null ? "no mount point specified." : "not mounted.")}", 32)
                : i.State.Visit.UserId != 0 ? await i.FailAsync($"{target}: must be superuser to unmount.", 32) : await i.FailAsync($"{target}: target is busy.", 32);
        }

        return status;
    }

    // A tree by places, or with a place the line of that one.
    private static async ValueTask<int> FindAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "abcCDd:eF:fhiJklmM:nNo:O:pPrRsS:t:T:uUvVw:x", ("types", 't'), ("noheadings", 'n'), ("output", 'o'), ("list", 'l'), ("raw", 'r'), ("mountpoint", 'M'), ("target", 'T'));
        List<(string Place, string Device, string Type, string Options, string Shown)> rows = [];
        bool isList = options.Has('l') || options.Has('r') || options.Has('t') || options.Operands.Count > 0;
        (string Device, string Place, string Type, string Options)[] all = [.. Mounted(i)];
        Add("/", "", "");
        if (options.Operands is [var wanted, ..] || (options.Value('M') ?? options.Value('T')) is { } asked && (wanted = asked) is not null)
        {
            rows = [.. rows.Where(row => string.Equals(row.Place, i.State.Path(wanted), StringComparison.Ordinal) || string.Equals(row.Device, wanted, StringComparison.Ordinal))];
            isList = true;
        }

        rows = options.Value('t') is { } types ? [.. rows.Where(row => types.Split(',').Contains(row.Type, StringComparer.Ordinal))] : rows;
        if (rows.Count == 0)
        {
            return 1;
        }

        string[] columns = [.. (options.Value('o') ?? "TARGET,SOURCE,FSTYPE,OPTIONS").ToUpperInvariant().Split(',')];
        List<string[]> table = [.. options.Has('n') ? [] : (string[][])[columns], .. rows.Select(row => columns.Select(column => column switch { "TARGET" => isList ? row.Place : row.Shown, "SOURCE" => row.Device, "FSTYPE" => row.Type, "OPTIONS" => row.Options, _ => "" }).ToArray())];
        int[] widths = [.. columns.Select((_, column) => table.Max(row => row[column].Length))];
        return await SystemCommands.PrintAsync(i, string.Concat(table.Select(row => string.Join(' ', row.Select((text, column) => column == row.Length - 1 ? text : text.PadRight(widths[column]))) + "\n")));

        void Add(string place, string line, string below)
        {
            foreach ((string device, string where, string type, string text) in all.Where(mount => string.Equals(mount.Place, place, StringComparison.Ordinal)))
            {
                rows.Add((where, device, type, text, line + where));
            }

            string[] inner = [.. all.Select(mount => mount.Place).Distinct(StringComparer.Ordinal).Where(other => !string.Equals(other, place, StringComparison.Ordinal) && string.Equals(Parent(other), place, StringComparison.Ordinal))];
            for (int n = 0; n < inner.Length; n++)
            {
                bool isLast = n == inner.Length - 1;
                Add(inner[n], below + (isLast ? "└─" : "├─"), below + (isLast ? "  " : "│ "));
            }
        }

        string Parent(string place) => all.Select(mount => mount.Place).Where(other => other.Length < place.Length && (other is "/" || place.StartsWith(other + "/", StringComparison.Ordinal))).DefaultIfEmpty("").MaxBy(other => other.Length)!;
    }

    private static async ValueTask<int> SwapOnAsync(Invocation i)
    {
        MachineState state = i.State.Visit.Memory;
        if (i.Has('s', "show") || i.Arguments.Count == 0)
        {
            return await SystemCommands.PrintAsync(i, Swaps(state) is { Count: > 0 } swaps ? $"NAME{new string(' ', Math.Max(1, swaps.Max(swap => swap.Path.Length) - 3))}TYPE  SIZE USED PRIO\n{string.Concat(swaps.Select(swap => $"{swap.Path} file {Entries.Sizes.Human(swap.Kilobytes * 1024),5}   0B   -2\n"))}" : "");
        }

        if (i.Has('a', "all"))
        {
            return 0;
        }

        string name = i.Operands.FirstOrDefault(""), path = i.State.Path(name);
        return i.State.Visit.UserId != 0 ? await i.FailAsync($"cannot open {name}: Permission denied", 255)
            : i.Files.Find(path) is null ? await i.FailAsync($"cannot open {name}: No such file or directory", 255)
            : state.Kept.Get(Swap + path) is not null ? await i.FailAsync($"{name}: swapon failed: Device or resource busy", 255)
            : state.Kept.Get(Prepared + path) is not { } size ? await i.FailAsync($"{name}: read swap header failed", 255)
            : state.Kept.TrySet(Swap + path, size) ? 0 : await i.FailAsync($"{name}: swapon failed: Cannot allocate memory", 255);
    }

    private static async ValueTask<int> SwapOffAsync(Invocation i)
    {
        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync("Not superuser.", 16);
        }

        KeptSettings kept = i.State.Visit.Memory.Kept;
        foreach (string path in i.Has('a', "all") ? kept.Below(Swap).Select(swap => swap.Key) : i.Operands.Select(i.State.Path))
        {
            if (kept.Get(Swap + path) is null)
            {
                return await i.FailAsync($"{path}: swapoff failed: {(i.Files.Find(path) is null ? "No such file or directory" : "Invalid argument")}", 4);
            }

            kept.TrySet(Swap + path, null);
        }

        return 0;
    }

    private static async ValueTask<int> PrepareAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault(""), path = i.State.Path(name);
        if (i.Files.Find(path) is not FileNode file)
        {
            return await i.FailAsync(name.Length == 0 ? "error: Nowhere to set up swap on?\nTry 'mkswap --help' for more information." : $"cannot open {name}: {(i.State.Visit.UserId == 0 ? "No such file or directory" : "Permission denied")}");
        }

        const int smallest = 40 * 1024;
        if (file.Content.Size < smallest)
        {
            return await i.FailAsync("error: swap area needs to be at least 40 KiB");
        }

        i.State.Visit.Memory.Kept.TrySet(Prepared + path, ((file.Content.Size / 1024) - 4).ToString(CultureInfo.InvariantCulture));
        string warning = (file.Mode & 0x3F) != 0 ? $"mkswap: {name}: insecure permissions {Convert.ToString(file.Mode, 8).PadLeft(4, '0')}, fix with: chmod 0600 {name}\n" : "";
        await i.Streams.Error.WriteAsync(warning, i.Cancellation);
        return await SystemCommands.PrintAsync(i, string.Create(CultureInfo.InvariantCulture, $"Setting up swapspace version 1, size = {Entries.Sizes.Human(file.Content.Size - 4096)}iB ({file.Content.Size - 4096} bytes)\nno label, UUID={Guid.NewGuid()}\n"));
    }

    private static async ValueTask<int> ChangeAttributesAsync(Invocation i)
    {
        string[] names = [.. i.Arguments.Where(argument => argument[..Math.Min(1, argument.Length)] is not ("+" or "-" or "="))];
        string[] changes = [.. i.Arguments.Where(argument => argument[..Math.Min(1, argument.Length)] is "+" or "-" or "=").Where(argument => argument is not ("-R" or "-V" or "-f"))];
        if (names.Length == 0 || changes.Length == 0 || changes.Any(change => change.Skip(1).Any(c => !Letters.Contains(c, StringComparison.Ordinal))))
        {
            await i.Streams.Error.WriteAsync(changes.Length == 0 && names.Length > 0 ? "Must use '-v', =, - or +\n" : "Usage: chattr [-RVf] [-+=aAcCdDeijPsStTuFx] [-p project] [-v version] files...\n", i.Cancellation);
            return 1;
        }

        int status = 0;
        Stack<string> open = new(names.Reverse());
        while (open.TryPop(out string? name))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            string path = i.State.Path(name);
            if (i.Files.Resolve(path, follow: true, out _) is not { Node: { } node } place)
            {
                status = i.Has('f') ? 1 : await i.FailAsync($"No such file or directory while trying to stat {name}");
                continue;
            }

            if (i.State.Visit.UserId != 0 || node is LinkNode || place.Path.StartsWith("/proc/", StringComparison.Ordinal))
            {
                status = i.Has('f') ? 1 : await i.FailAsync(i.State.Visit.UserId != 0 ? $"Operation not permitted while setting flags on {name}" : $"Inappropriate ioctl for device while reading flags on {name}");
                continue;
            }

            string flags = changes.Aggregate(node.Flags, (now, change) => change[0] switch { '=' => change[1..], '+' => now + change[1..], _ => string.Concat(now.Where(c => !change.Contains(c, StringComparison.Ordinal))) });
            flags = string.Concat(flags.Where(c => Letters.Contains(c, StringComparison.Ordinal) && c is not ('e' or 'R' or 'V' or 'f')).Distinct().Order());
            i.Files.SetFlags(place.Path, flags);
            i.State.Visit.Memory.Kept.TrySet(FileFlags.Kept + place.Path, flags.Length > 0 ? flags : null);
            if (i.Has('R') && node is FolderNode folder)
            {
                folder.Entries.Where(entry => entry.Value is not LinkNode).Take(1000).ToList().ForEach(entry => open.Push($"{name.TrimEnd('/')}/{entry.Key}"));
            }
        }

        return status;
    }

    private static async ValueTask<int> ListAttributesAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.Operands.DefaultIfEmpty("."))
        {
            if (i.Files.Find(i.State.Path(name)) is not { } node)
            {
                status = await i.FailAsync($"No such file or directory while trying to stat {name}");
                continue;
            }

            IEnumerable<(string Path, Node Node)> shown = node is FolderNode folder && !i.Has('d') ? folder.Entries.Where(entry => (!entry.Key.StartsWith('.') || i.Has('a')) && entry.Value is FileNode or FolderNode).Select(entry => ($"{name.TrimEnd('/')}/{entry.Key}", entry.Value)) : [(name, node)];
            await i.PrintAsync(string.Concat(shown.Select(entry => $"{string.Concat(Shown.Select(c => c == 'e' || entry.Node.Flags.Contains(c, StringComparison.Ordinal) ? c : '-'))} {entry.Path}\n")));
        }

        return status;
    }
}
