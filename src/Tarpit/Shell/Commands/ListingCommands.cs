using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that look at the file system.</summary>
internal static class ListingCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ls"] = ListAsync,
        ["dir"] = ListAsync,
        ["stat"] = StatCommand.RunAsync,
        ["file"] = FileAsync,
        ["which"] = WhichAsync,
        ["whereis"] = WhereIsAsync,
    };

    /// <summary>Bytes as du and ls -h write them.</summary>
    public static string Human(long bytes)
    {
        if (bytes < 1024)
        {
            return bytes.ToString(CultureInfo.InvariantCulture);
        }

        double size = bytes;
        int unit = -1;
        while (size >= 1024)
        {
            size /= 1024;
            unit++;
        }

        return size < 10 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(size * 10) / 10:0.0}{"KMGTP"[unit]}") : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(size):0}{"KMGTP"[unit]}");
    }

    /// <summary>Bytes as ls -l shows them.</summary>
    public static long SizeOf(Node node) => node switch
    {
        FileNode file => file.Content.Size,
        LinkNode link => link.Target.Length,
        FolderNode => 4096,
        _ => 0,
    };

    private static async ValueTask<int> ListAsync(Invocation i)
    {
        IReadOnlyList<string> names = i.Operands.Count == 0 ? ["."] : i.Operands;
        List<(string Name, Node Node)> files = [], folders = [];
        int status = 0;
        foreach (string name in names)
        {
            bool follow = !i.Has('l') && !i.Has('d');
            Node? node = i.Files.Resolve(i.State.Path(name), follow || name.EndsWith('/'), out FileError error) is (_, { } found) ? found : null;
            if (node is null)
            {
                status = await i.FailAsync($"cannot access '{name}': {(error == FileError.None ? FileError.NotFound : error).Text()}", 2);
            }
            else if (node is FolderNode && !i.Has('d', "directory"))
            {
                folders.Add((name, node));
            }
            else
            {
                files.Add((name, node));
            }
        }

        StringBuilder text = new();
        Write(i, files, text, total: false);
        foreach ((string name, Node node) in folders)
        {
            if (!Access.MayRead(node, i.State.Visit.UserId))
            {
                status = await i.FailAsync($"cannot open directory '{name}': Permission denied", 2);
                continue;
            }

            if (names.Count > 1 || i.Has('R'))
            {
                text.Append(text.Length == 0 ? "" : "\n").Append(name).Append(":\n");
            }

            ListFolder(i, name, (FolderNode)node, text, depth: 0);
        }

        await i.PrintAsync(text.ToString());
        return status;
    }

    private static void ListFolder(Invocation i, string name, FolderNode folder, StringBuilder text, int depth)
    {
        const int deepest = 20;
        bool all = i.Has('a', "all"), almost = i.Has('A', "almost-all");
        List<(string Name, Node Node)> entries = [.. folder.Entries.Where(e => all || almost || !e.Key.StartsWith('.')).Select(e => (e.Key, e.Value))];
        if (all)
        {
            string path = i.State.Path(name);
            entries.InsertRange(0, [(".", folder), ("..", i.Files.Find(FileSystem.Normalize("..", path)) ?? folder)]);
        }

        Write(i, entries, text, total: true);
        foreach ((string inner, Node node) in i.Has('R') && depth < deepest && text.Length < 1 << 20 ? entries : [])
        {
            if (node is FolderNode next && inner is not ("." or ".."))
            {
                text.Append('\n').Append(name.TrimEnd('/')).Append('/').Append(inner).Append(":\n");
                ListFolder(i, $"{name.TrimEnd('/')}/{inner}", next, text, depth + 1);
            }
        }
    }

    private static void Write(Invocation i, List<(string Name, Node Node)> entries, StringBuilder text, bool total)
    {
        if (i.Has('t'))
        {
            entries.Sort((a, b) => b.Node.Modified.CompareTo(a.Node.Modified));
        }
        else if (i.Has('S'))
        {
            entries.Sort((a, b) => SizeOf(b.Node).CompareTo(SizeOf(a.Node)));
        }

        if (i.Has('r', "reverse"))
        {
            entries.Reverse();
        }

        if (!i.Has('l') && !i.Has('g') && !i.Has('n', "numeric-uid-gid"))
        {
            WriteShort(i, entries, text);
            return;
        }

        if (total)
        {
            text.Append(CultureInfo.InvariantCulture, $"total {entries.Sum(e => Blocks(e.Node)) / 2}\n");
        }

        bool human = i.Has('h', "human-readable"), numeric = i.Has('n');
        string[] sizes = [.. entries.Select(e => e.Node is DeviceNode d ? $"{d.Major}, {d.Minor}" : human ? Human(SizeOf(e.Node)) : SizeOf(e.Node).ToString(CultureInfo.InvariantCulture))];
        string[] owners = [.. entries.Select(e => numeric ? $"{e.Node.User}" : Accounts.UserName(i.Files, e.Node.User))];
        string[] groups = [.. entries.Select(e => numeric ? $"{e.Node.Group}" : Accounts.GroupName(i.Files, e.Node.Group))];
        int[] links = [.. entries.Select(e => Links(e.Node))];
        int size = sizes.Max(s => (int?)s.Length) ?? 0, owner = owners.Max(s => (int?)s.Length) ?? 0, group = groups.Max(s => (int?)s.Length) ?? 0;
        int link = links.Max(l => (int?)l.ToString(CultureInfo.InvariantCulture).Length) ?? 0;
        for (int n = 0; n < entries.Count; n++)
        {
            (string name, Node node) = entries[n];
            text.Append(Modes.Text(node)).Append(' ').Append(links[n].ToString(CultureInfo.InvariantCulture).PadLeft(link)).Append(' ')
                .Append(owners[n].PadRight(owner)).Append(' ').Append(groups[n].PadRight(group)).Append(' ').Append(sizes[n].PadLeft(size)).Append(' ')
                .Append(Date(node.Modified, i.Machine.Now)).Append(' ').Append(name);
            text.Length -= name.Length;
            text.Append(FileColors.Of(i, name, node));
            _ = node is LinkNode target ? text.Append(" -> ").Append(target.Target) : text;
            text.Append('\n');
        }
    }

    private static void WriteShort(Invocation i, List<(string Name, Node Node)> entries, StringBuilder text)
    {
        string[] names = [.. entries.Select(e => e.Name + (i.Has('F') && e.Node is FolderNode ? "/" : ""))];
        string Shown(int n) => FileColors.Of(i, names[n], entries[n].Node);
        if (i.State.Io.Terminal is not { } terminal || i.Streams.Output is not PeerOutput || i.Has('1') || names.Length == 0)
        {
            text.Append(string.Concat(names.Select((_, n) => Shown(n) + "\n")));
            return;
        }

        // Columns, as many as fit, filled from the top.
        for (int rows = 1; ; rows++)
        {
            int columns = (names.Length + rows - 1) / rows;
            int[] widths = [.. Enumerable.Range(0, columns).Select(c => names.Skip(c * rows).Take(rows).Max(name => name.Length) + 2)];
            if (rows < names.Length && widths.Sum() - 2 > terminal.Columns)
            {
                continue;
            }

            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; (c * rows) + r < names.Length; c++)
                {
                    int n = (c * rows) + r;
                    text.Append(Shown(n)).Append(' ', ((c + 1) * rows) + r < names.Length ? widths[c] - names[n].Length : 0);
                }

                text.Append('\n');
            }

            return;
        }
    }

    /// <summary>Blocks of 512 bytes that a node takes.</summary>
    public static long Blocks(Node node) => node is FolderNode ? 8 : node is FileNode file ? (file.Content.Size + 4095) / 4096 * 8 : 0;

    public static int Links(Node node) => node is FolderNode folder ? 2 + folder.Entries.Values.Count(e => e is FolderNode) : 1;

    private static string Date(DateTimeOffset time, DateTimeOffset now) => time > now.AddDays(-182) && time <= now.AddMinutes(1)
        ? time.ToString("MMM", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(3) + time.ToString(" HH:mm", CultureInfo.InvariantCulture)
        : time.ToString("MMM", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(3) + time.ToString("  yyyy", CultureInfo.InvariantCulture);

    private static async ValueTask<int> FileAsync(Invocation i)
    {
        foreach (string name in i.Operands)
        {
            string kind = i.Files.Find(i.State.Path(name), follow: false) switch
            {
                null => $"cannot open `{name}' (No such file or directory)",
                FolderNode => "directory",
                LinkNode link => $"symbolic link to {link.Target}",
                DeviceNode => "character special",
                SocketNode => "socket",
                FileNode { Content: Binary } => "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped",
                FileNode file => Kind(file.Content.Read()),
                _ => "data",
            };
            await i.PrintAsync($"{name}: {kind}\n");
        }

        return 0;
    }

    private static string Kind(byte[] content) => content switch
    {
        [] => "empty",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, ..] => "ELF 32-bit LSB executable, statically linked, stripped",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "ELF 64-bit LSB executable, x86-64, version 1 (SYSV), statically linked, stripped",
        [0x1f, 0x8b, ..] => "gzip compressed data",
        [(byte)'#', (byte)'!', ..] => "Bourne-Again shell script, ASCII text executable",
        _ when content.AsSpan().ContainsAnyInRange((byte)0, (byte)6) => "data",
        _ => "ASCII text",
    };

    private static async ValueTask<int> WhichAsync(Invocation i)
    {
        int status = i.Operands.Count == 0 ? 1 : 0;
        foreach (string name in i.Operands)
        {
            if (i.Interpreter.FindProgram(name) is { } path)
            {
                await i.PrintAsync(path + "\n");
            }
            else
            {
                status = 1;
            }
        }

        return status;
    }

    private static async ValueTask<int> WhereIsAsync(Invocation i)
    {
        foreach (string name in i.Operands)
        {
            string? path = i.Interpreter.FindProgram(name);
            await i.PrintAsync(path is null ? $"{name}:\n" : $"{name}: {path} /usr/share/man/man1/{name}.1.gz\n");
        }

        return 0;
    }
}
