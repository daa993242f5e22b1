using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that make and take entries of folders, beside those of everyday use.</summary>
internal static class NodeCommands
{
    private const int MostShown = 5000;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["mkfifo"] = i => MakeAsync(i, i.OperandsWithout("m"), () => new PipeNode { Mode = 0x1A4, User = i.State.Visit.UserId, Group = i.State.Visit.GroupId, Modified = i.Machine.Now }),
        ["mknod"] = MakeNodeAsync,
        ["shred"] = ShredAsync,
        ["tree"] = TreeAsync,
        ["fallocate"] = AllocateAsync,
        ["pathchk"] = i => new(0),
        ["namei"] = i => SystemCommands.PrintAsync(i, string.Concat(i.Operands.Select(name => $"f: {name}\n" + string.Concat(i.State.Path(name).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => $" d {part}\n"))))),
        ["chroot"] = ChangeRootAsync,
        ["unshare"] = i => i.State.Visit.UserId == 0 && i.Operands.Count > 0 ? CallAsync(i, [.. i.Operands]) : i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("unshare failed: Operation not permitted"),
        ["nsenter"] = i => i.FailAsync("no target PID specified for --all"),
        ["flock"] = i => CallAsync(i, i.Value('c') is { } command ? ["sh", "-c", command] : [.. i.OperandsWithout("wE").Skip(1)]),
        ["script"] = ScriptAsync,
        ["logger"] = LoggerCommand.RunAsync,
        ["savelog"] = i => new(0),
        ["logrotate"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("error: error opening state file /var/lib/logrotate/status: Permission denied"),
        ["ldconfig"] = i => i.Has('p') ? SystemCommands.PrintAsync(i, "1 libs found in cache `/etc/ld.so.cache'\n\tlibc.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libc.so.6\n") : i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("Can't create temporary cache file /etc/ld.so.cache~: Permission denied"),
        ["ldd"] = LibrariesAsync,
        ["update-grub"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, $"Sourcing file `/etc/default/grub'\nGenerating grub configuration file ...\nFound linux image: /boot/vmlinuz-{i.Machine.Kernel}\nFound initrd image: /boot/initrd.img-{i.Machine.Kernel}\ndone\n") : i.FailAsync("Permission denied"),
        ["update-initramfs"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, $"update-initramfs: Generating /boot/initrd.img-{i.Machine.Kernel}\n") : i.FailAsync("You must be root"),
    };

    private static async ValueTask<int> CallAsync(Invocation i, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return 0;
        }

        await i.Interpreter.CallAsync(words, i.Streams, i.Cancellation);
        return i.State.Status;
    }

    private static bool MayChange(Invocation i, string path) => i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]) is { } folder && Access.MayWrite(folder, i.State.Visit.UserId);

    private static async ValueTask<int> MakeAsync(Invocation i, IReadOnlyList<string> names, Func<Node> make)
    {
        int status = 0;
        foreach (string name in names)
        {
            string path = i.State.Path(name);
            FileError error = i.Files.Find(path, follow: false) is not null ? FileError.Exists : MayChange(i, path) ? i.Files.Put(path, make()) : FileError.NotPermitted;
            status = error == FileError.None ? status : await i.FailAsync($"cannot create {(i.Name is "mkfifo" ? "fifo " : "")}'{name}': {error.Text()}");
        }

        return names.Count == 0 ? await i.FailAsync("missing operand") : status;
    }

    private static async ValueTask<int> MakeNodeAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.OperandsWithout("m");
        if (operands.Count < 2)
        {
            return await i.FailAsync("missing operand\nTry 'mknod --help' for more information.");
        }

        if (operands[1] is "p")
        {
            return await MakeAsync(i, [operands[0]], () => new PipeNode { Mode = 0x1A4, User = i.State.Visit.UserId, Group = i.State.Visit.GroupId, Modified = i.Machine.Now });
        }

        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync($"{operands[0]}: Operation not permitted");
        }

        _ = int.TryParse(operands.ElementAtOrDefault(2), CultureInfo.InvariantCulture, out int major);
        _ = int.TryParse(operands.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out int minor);
        return await MakeAsync(i, [operands[0]], () => new DeviceNode(major, minor) { IsBlock = operands[1] is "b", Mode = 0x1A4, Modified = i.Machine.Now });
    }

    private static async ValueTask<int> ShredAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "fn:s:uvxz", ("remove", 'u'), ("iterations", 'n'), ("zero", 'z'));
        int status = 0;
        foreach (string name in options.Operands)
        {
            string path = i.State.Path(name);
            if (i.Files.Find(path) is not FileNode file || !Access.MayWrite(file, i.State.Visit.UserId))
            {
                status = await i.FailAsync($"{name}: failed to open for writing: {(i.Files.Find(path) is null ? "No such file or directory" : "Permission denied")}");
            }
            else if (options.Has('u'))
            {
                i.Files.Remove(path);
            }
            else
            {
                byte[] noise = options.Has('z') ? new byte[Math.Min(file.Content.Size, 1 << 20)] : System.Security.Cryptography.RandomNumberGenerator.GetBytes((int)Math.Min(file.Content.Size, 1 << 20));
                i.Files.Write(path, noise, i.State.Visit.UserId, i.State.Visit.GroupId);
            }
        }

        return status;
    }

    private static async ValueTask<int> AllocateAsync(Invocation i)
    {
        const long most = 4 << 20;
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "l:o:nx", ("length", 'l'));
        string text = options.Value('l') ?? "", name = options.Operands.FirstOrDefault("");
        long unit = text.LastOrDefault() switch { 'K' or 'k' => 1L << 10, 'M' or 'm' => 1L << 20, 'G' or 'g' => 1L << 30, _ => 1 };
        if (name.Length == 0 || !long.TryParse(text.TrimEnd('K', 'k', 'M', 'm', 'G', 'g', 'B', 'i'), CultureInfo.InvariantCulture, out long number))
        {
            return await i.FailAsync("no length argument specified");
        }

        return number * unit > most || i.Files.Write(i.State.Path(name), new byte[number * unit], i.State.Visit.UserId, i.State.Visit.GroupId) != FileError.None ? await i.FailAsync("fallocate failed: No space left on device") : 0;
    }

    private static async ValueTask<int> TreeAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "adfL:hsugpDFP:I:o:n", ("dirsfirst", 'z'));
        int deepest = int.TryParse(options.Value('L'), CultureInfo.InvariantCulture, out int given) ? given : 20;
        StringBuilder text = new();
        int folders = 0, files = 0;
        foreach (string root in options.Operands.DefaultIfEmpty("."))
        {
            text.Append(root).Append('\n');
            if (i.Files.Find(i.State.Path(root)) is FolderNode folder)
            {
                Walk(folder, "", 1);
            }
            else
            {
                text.Length -= root.Length + 1;
                text.Append(root).Append("  [error opening dir]\n");
            }
        }

        return await SystemCommands.PrintAsync(i, $"{text}\n{folders} directories{(options.Has('d') ? "" : $", {files} files")}\n");

        void Walk(FolderNode folder, string indent, int depth)
        {
            KeyValuePair<string, Node>[] entries = [.. folder.Entries.Where(entry => (options.Has('a') || !entry.Key.StartsWith('.')) && (!options.Has('d') || entry.Value is FolderNode))];
            for (int n = 0; n < entries.Length && folders + files < MostShown; n++)
            {
                bool isLast = n == entries.Length - 1;
                text.Append(indent).Append(isLast ? "└── " : "├── ").Append(entries[n].Key).Append(entries[n].Value is LinkNode link ? " -> " + link.Target : "").Append('\n');
                if (entries[n].Value is FolderNode inner)
                {
                    folders++;
                    if (depth < deepest)
                    {
                        Walk(inner, indent + (isLast ? "    " : "│   "), depth + 1);
                    }
                }
                else
                {
                    files++;
                }
            }
        }
    }

    private static async ValueTask<int> ChangeRootAsync(Invocation i)
    {
        string root = i.Operands.FirstOrDefault("");
        if (root.Length == 0)
        {
            return await i.FailAsync("missing operand\nTry 'chroot --help' for more information.", 125);
        }

        return i.State.Visit.UserId != 0 ? await i.FailAsync($"cannot change root directory to '{root}': Operation not permitted", 125)
            : i.Files.Find(i.State.Path(root)) is not FolderNode ? await i.FailAsync($"cannot change root directory to '{root}': No such file or directory", 125)
            : i.State.Path(root) is "/" ? await RunCommands.RunAsync(i, i.Operands.Count > 1 ? [.. i.Operands.Skip(1)] : ["bash"])
            : await i.FailAsync($"failed to run command ‘{i.Operands.ElementAtOrDefault(1) ?? "/bin/bash"}’: No such file or directory", 127);
    }

    private static async ValueTask<int> ScriptAsync(Invocation i)
    {
        if (i.Value('c') is { } command || (command = i.Arguments.SkipWhile(argument => argument is not "-qc").Skip(1).FirstOrDefault()) is not null)
        {
            return await CallAsync(i, ["bash", "-c", command]);
        }

        return i.State.Io.Terminal is null ? 0 : await i.State.Visit.NestedShellAsync(i.State.Copy(), i.Cancellation);
    }

    private static async ValueTask<int> LibrariesAsync(Invocation i)
    {
        foreach (string name in i.Operands)
        {
            if (i.Files.Find(i.State.Path(name)) is not FileNode file)
            {
                return await i.FailAsync($"{name}: No such file or directory");
            }

            await i.PrintAsync(file.Content is Binary ? "\tlinux-vdso.so.1 (0x00007ffc3b5f2000)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3c1a400000)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f3c1a6e5000)\n" : "\tnot a dynamic executable\n");
            if (file.Content is not Binary)
            {
                return 1;
            }
        }

        return 0;
    }
}
