using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>stat(1) of coreutils.</summary>
internal static class StatCommand
{
    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "Lfc:tΑ:", new Dictionary<string, char>(StringComparer.Ordinal) { ["dereference"] = 'L', ["file-system"] = 'f', ["format"] = 'c', ["printf"] = 'Α', ["terse"] = 't' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Shell.Text.Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count == 0)
        {
            await i.Streams.Error.WriteAsync("stat: missing operand\nTry 'stat --help' for more information.\n", i.Cancellation);
            return 1;
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            if (i.Files.Resolve(i.State.Path(name), options.Has('L') || name.EndsWith('/'), out FileError failure) is not (_, { } node))
            {
                status = await i.FailAsync($"cannot {(options.Has('f') ? "read file system information for" : "statx")} '{name}': {(failure is FileError.None ? FileError.NotFound : failure).Text()}");
                continue;
            }

            string format = options.Value('Α') is { } escaped ? Escapes(escaped) : options.Value('c') is { } given ? given + "\n"
                : options.Has('f') ? (options.Has('t') ? "%n %i %l %t %s %S %b %f %a %c %d\n" : "  File: \"%n\"\n    ID: %i Namelen: %l     Type: %T\nBlock size: %s       Fundamental block size: %S\nBlocks: Total: %b   Free: %f   Available: %a\nInodes: Total: %c    Free: %d\n")
                : options.Has('t') ? "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n"
                : "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-11i Links: %h" + (node is DeviceNode ? "     Device type: %Hr,%Lr" : "") + "\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n";
            StringBuilder text = new();
            for (int at = 0; at < format.Length; at++)
            {
                at += format[at] == '%' ? Append(text, format, at, i, name, node, options) : Plain(text, format[at]);
            }

            await i.Streams.Output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), i.Cancellation);
        }

        return status;
    }

    private static int Plain(StringBuilder text, char c)
    {
        text.Append(c);
        return 0;
    }

    // One directive, with flags, width and precision; returns how many characters are behind the first.
    private static int Append(StringBuilder text, string format, int from, Invocation i, string name, Node node, OptionParsing options)
    {
        int at = from + 1;
        while (at < format.Length && format[at] is '-' or '0' or '+' or ' ' or '#' or '\'')
        {
            at++;
        }

        string flags = format[(from + 1)..at];
        int width = Number(format, ref at), precision = -1;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Number(format, ref at);
        }

        char half = at + 1 < format.Length && format[at] is 'H' or 'L' && format[at + 1] is 'd' or 'r' ? format[at++] : '\0';
        if (at >= format.Length)
        {
            text.Append(format, from, format.Length - from);
            return format.Length - from - 1;
        }

        string? value = format[at] == '%' ? "%" : options.Has('f') ? OfFileSystem(format[at], i, name) : Of(format[at], half, i, name, node);
        value ??= "?";
        value = precision >= 0 && value.Length > precision && format[at] is not ('X' or 'Y' or 'Z' or 'W') ? value[..precision] : value;
        text.Append(width == 0 ? value : flags.Contains('-', StringComparison.Ordinal) ? value.PadRight(width) : value.PadLeft(width, flags.Contains('0', StringComparison.Ordinal) ? '0' : ' '));
        return at - from;
    }

    private static int Number(string format, ref int at)
    {
        const int widest = 1000;
        int number = 0;
        for (; at < format.Length && char.IsAsciiDigit(format[at]); at++)
        {
            number = Math.Min(widest, (number * 10) + format[at] - '0');
        }

        return number;
    }

    private static string? Of(char directive, char half, Invocation i, string name, Node node)
    {
        string time = node.Modified.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "00 +0000", seconds = Digits(node.Modified.ToUnixTimeSeconds());
        return directive switch
        {
            'a' => Convert.ToString(node.Mode & 0xFFF, 8),
            'A' => Modes.Text(node),
            'b' => Digits(ListingCommands.Blocks(node)),
            'B' => "512",
            'C' => "?",
            'd' => half switch { 'H' => "252", 'L' => "1", _ => "64513" },
            'D' => "fc01",
            'f' => Convert.ToString((node.Mode & 0xFFF) | node.Letter switch { 'd' => 0x4000, 'l' => 0xA000, 'c' => 0x2000, 'b' => 0x6000, 's' => 0xC000, 'p' => 0x1000, _ => 0x8000 }, 16),
            'F' => node switch { FolderNode => "directory", LinkNode => "symbolic link", DeviceNode when node.Letter == 'b' => "block special file", DeviceNode => "character special file", SocketNode => "socket", FileNode { Content.Size: 0 } => "regular empty file", _ when node.Letter == 'p' => "fifo", _ => "regular file" },
            'g' => Digits(node.Group),
            'G' => Accounts.GroupName(i.Files, node.Group),
            'h' => Digits(ListingCommands.Links(node)),
            'i' => Digits((FileSystem.Normalize(name, i.State.Folder).Aggregate(17u, (hash, c) => unchecked((hash * 31) + c)) % 900_000) + 1000),
            'm' => "/",
            'n' => name,
            'N' => node is LinkNode link ? $"{Quote(name)} -> {Quote(link.Target)}" : Quote(name),
            'o' => "4096",
            's' => Digits(ListingCommands.SizeOf(node)),
            'r' or 't' or 'T' => "0",
            'u' => Digits(node.User),
            'U' => Accounts.UserName(i.Files, node.User),
            'w' or 'x' or 'y' or 'z' => time,
            'W' or 'X' or 'Y' or 'Z' => seconds,
            _ => null,
        };
    }

    // As stat without a format writes names: bare where nothing in them is special.
    private static string Quote(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or ':' or ',' or '@' or '%' or '~' or '=' or ' ') && !name.Contains(' ', StringComparison.Ordinal) ? name : $"'{name}'";

    private static string? OfFileSystem(char directive, Invocation i, string name)
    {
        (long total, long free) = DiskCommands.RootBlocks(i);
        return directive switch
        {
            'n' => name,
            'i' => "d4a1c6b8" + (i.Machine.Number("fs-id", 100, 900) * 1_111_111L).ToString("x8", CultureInfo.InvariantCulture),
            'l' => "255",
            't' => "ef53",
            'T' => "ext2/ext3",
            's' or 'S' => "4096",
            'b' => Digits(total),
            'f' => Digits(free),
            'a' => Digits(free - 4096),
            'c' => Digits(total / 2),
            'd' => Digits((total / 2) - 98_000),
            _ => null,
        };
    }

    private static string Escapes(string text) => text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal).Replace("\\0", "\0", StringComparison.Ordinal);

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
