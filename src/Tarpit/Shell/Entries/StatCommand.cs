using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>stat(1).</summary>
internal static class StatCommand
{
    private const int BlockSize = 4096;
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal) { ["dereference"] = 'L', ["file-system"] = 'f', ["terse"] = 't', ["format"] = 'c', ["printf"] = 'P', ["cached"] = 'C' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "LftP:c:C:", Names, isMixed: true);
        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'stat --help' for more information.");
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            (Node? node, FileError error) = Places.Look(i, name, options.Has('L') || options.Has('f'));
            if (node is null)
            {
                status = await i.FailAsync(options.Has('f') ? $"cannot read file system information for '{name}': {error.Text()}" : $"cannot statx '{name}': {error.Text()}");
                continue;
            }

            string? format = options.Value('P') is { } printed ? Escapes.Decode(printed) : options.Value('c') is { } given ? given + "\n" : null;
            format ??= options.Has('f')
                ? options.Has('t') ? "%n %i %l %t %s %S %b %f %a %c %d\n" : "  File: \"%n\"\n    ID: %-16i Namelen: %-7l Type: %T\nBlock size: %-10s Fundamental block size: %S\nBlocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n"
                : options.Has('t') ? "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n"
                : "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-11i Links: %h"
                    + (node is DeviceNode ? "     Device type: %Hr,%Lr\n" : "\n") + "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n";
            string path = i.Files.Resolve(i.State.Path(name), options.Has('L'), out _)?.Path ?? i.State.Path(name);
            await i.PrintAsync(Filled(format, (letter, part) => options.Has('f') ? SystemField(i, letter, name) : Field(i, letter, part, name, path, node, quotes: options.Has('c') || options.Has('P'))));
        }

        return status;
    }

    // %, flags, width, precision, a part (H or L), and a letter.
    private static string Filled(string format, Func<char, char, string> field)
    {
        StringBuilder text = new();
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            int start = ++at;
            while (at < format.Length && "#-+ 0123456789.".Contains(format[at], StringComparison.Ordinal))
            {
                at++;
            }

            if (at >= format.Length)
            {
                return text.Append('%').Append(format, start, at - start).ToString();
            }

            string flags = format[start..at];
            char part = format[at] is 'H' or 'L' && at + 1 < format.Length && format[at + 1] is 'd' or 'r' ? format[at++] : '\0';
            string value = format[at] == '%' ? "%" : field(format[at], part);
            string digits = flags.TrimStart('#', '-', '+', ' ', '0').Split('.')[0];
            int width = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, 1000) : 0;
            text.Append(flags.Contains('-', StringComparison.Ordinal) ? value.PadRight(width) : flags.TrimStart('#', '+', ' ').StartsWith('0') ? value.PadLeft(width, '0') : value.PadLeft(width));
        }

        return text.ToString();
    }

    private static string Field(Invocation i, char letter, char part, string name, string path, Node node, bool quotes)
    {
        DateTimeOffset time = node.Modified.ToUniversalTime();
        string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
        return letter switch
        {
            'a' => Convert.ToString(node.Mode, 8),
            'A' => Modes.Text(node),
            'b' => Number(Sizes.Blocks(node)),
            'B' => "512",
            'C' => "?",
            'd' => part switch { 'H' => "252", 'L' => "1", _ => "64513" },
            'D' => "fc01",
            'f' => Convert.ToString((node switch { FolderNode => 0x4000, LinkNode => 0xA000, DeviceNode { IsBlock: true } => 0x6000, DeviceNode => 0x2000, PipeNode => 0x1000, SocketNode => 0xC000, _ => 0x8000 }) | node.Mode, 16),
            'F' => Kind(node),
            'g' => Number(node.Group),
            'G' => Accounts.GroupName(i.Files, node.Group),
            'h' => Number(Sizes.Links(node)),
            'i' => Number(Sizes.Inode(path)),
            'm' => path.StartsWith("/boot/efi", StringComparison.Ordinal) ? "/boot/efi" : path.StartsWith("/boot", StringComparison.Ordinal) ? "/boot" : path.StartsWith("/proc", StringComparison.Ordinal) ? "/proc" : path.StartsWith("/sys", StringComparison.Ordinal) ? "/sys" : path.StartsWith("/dev", StringComparison.Ordinal) ? "/dev" : path.StartsWith("/run", StringComparison.Ordinal) ? "/run" : "/",
            'n' => name,
            'N' => node is LinkNode link ? quotes ? $"'{name}' -> '{link.Target}'" : $"{name} -> {link.Target}" : quotes ? $"'{name}'" : name,
            'o' => Number(BlockSize),
            'r' => node is DeviceNode device ? part switch { 'H' => Number(device.Major), 'L' => Number(device.Minor), _ => Number((device.Major << 8) | device.Minor) } : "0",
            's' => Number(Sizes.Of(node)),
            't' => node is DeviceNode { Major: var major } ? major.ToString("x", CultureInfo.InvariantCulture) : "0",
            'T' => node is DeviceNode { Minor: var minor } ? minor.ToString("x", CultureInfo.InvariantCulture) : "0",
            'u' => Number(node.User),
            'U' => Accounts.UserName(i.Files, node.User),
            'w' or 'x' or 'y' or 'z' => Dates.Format("%Y-%m-%d %H:%M:%S.%N %z", time),
            'W' or 'X' or 'Y' or 'Z' => Number(time.ToUnixTimeSeconds()),
            _ => "?",
        };
    }

    private static string SystemField(Invocation i, char letter, string name)
    {
        long blocks = i.Machine.DiskKilobytes / 4, used = DiskCommands.Used(i) / 4;
        return letter switch
        {
            'n' => name,
            'i' => Convert.ToHexStringLower(i.Machine.Bytes("file-system-id", 8)),
            'l' => "255",
            't' => "ef53",
            'T' => "ext2/ext3",
            's' or 'S' => BlockSize.ToString(CultureInfo.InvariantCulture),
            'b' => blocks.ToString(CultureInfo.InvariantCulture),
            'f' or 'a' => (blocks - used).ToString(CultureInfo.InvariantCulture),
            'c' => (blocks / 2).ToString(CultureInfo.InvariantCulture),
            'd' => ((blocks / 2) - 120_000).ToString(CultureInfo.InvariantCulture),
            _ => "?",
        };
    }

    private static string Kind(Node node) => node switch
    {
        FolderNode => "directory",
        LinkNode => "symbolic link",
        DeviceNode { IsBlock: true } => "block special file",
        DeviceNode => "character special file",
        PipeNode => "fifo",
        SocketNode => "socket",
        FileNode { Content.Size: 0 } => "regular empty file",
        _ => "regular file",
    };
}
