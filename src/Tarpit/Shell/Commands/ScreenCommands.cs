using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Screen;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Programs that have the whole terminal: editors, pagers, top, watch.</summary>
internal static class ScreenCommands
{
    private const int MostRounds = 1000;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["vi"] = EditAsync,
        ["vim"] = EditAsync,
        ["vim.basic"] = EditAsync,
        ["vim.tiny"] = EditAsync,
        ["view"] = EditAsync,
        ["vimdiff"] = EditAsync,
        ["nano"] = NanoAsync,
        ["rnano"] = NanoAsync,
        ["editor"] = NanoAsync,
        ["sensible-editor"] = NanoAsync,
        ["pager"] = PageAsync,
        ["less"] = PageAsync,
        ["more"] = PageAsync,
        ["zless"] = PageAsync,
        ["top"] = TopAsync,
        ["htop"] = TopAsync,
        ["watch"] = WatchAsync,
        ["man"] = ManualAsync,
        ["info"] = ManualAsync,
        ["whatis"] = i => WhatIsAsync(i),
        ["apropos"] = i => WhatIsAsync(i),
        ["screen"] = MultiplexAsync,
        ["tmux"] = MultiplexAsync,
        ["byobu"] = MultiplexAsync,
    };

    private static async ValueTask<int> EditAsync(Invocation i)
    {
        if (i.Has('\0', "version"))
        {
            return await SystemCommands.PrintAsync(i, "VIM - Vi IMproved 9.1 (2024 Jan 02, compiled Aug 27 2024 16:09:04)\nIncluded patches: 1-16, 647, 678, 697\nModified by team+vim@tracker.debian.org\n");
        }

        if (!ScreenKeys.HasScreen(i))
        {
            await i.Streams.Error.WriteAsync("Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\nVim: Error reading input, exiting...\nVim: Finished.\n", i.Cancellation);
            return 1;
        }

        using ScreenKeys keys = new(i);
        int line = i.Arguments.FirstOrDefault(argument => argument.StartsWith('+')) is { } place && int.TryParse(place.AsSpan(1), CultureInfo.InvariantCulture, out int number) ? number : 1;
        return await new ViEditor(i, keys).RunAsync(i.Operands.FirstOrDefault(operand => !operand.StartsWith('+')) ?? "", line);
    }

    private static async ValueTask<int> NanoAsync(Invocation i)
    {
        if (i.Has('V', "version"))
        {
            return await SystemCommands.PrintAsync(i, " GNU nano, version 7.2\n (C) 2023 the Free Software Foundation and various contributors\n");
        }

        if (!ScreenKeys.HasScreen(i))
        {
            await i.Streams.Error.WriteAsync("Standard input is not a terminal\n", i.Cancellation);
            return 1;
        }

        using ScreenKeys keys = new(i);
        return await new NanoEditor(i, keys).RunAsync(i.Operands.FirstOrDefault(operand => !operand.StartsWith('+')) ?? "");
    }

    private static async ValueTask<int> PageAsync(Invocation i)
    {
        if (i.Operands.Count == 0 && i.Streams.Input.IsPeer && i.State.Io.Terminal is not null)
        {
            await i.Streams.Error.WriteAsync(i.Name is "more" ? "more: bad usage\nTry 'more --help' for more information.\n" : "Missing filename (\"less --help\" for help)\n", i.Cancellation);
            return 1;
        }

        foreach (string name in i.Operands)
        {
            if (i.Files.Find(i.State.Path(name)) is FolderNode)
            {
                return await SystemCommands.PrintAsync(i, $"{name} is a directory\n", 1);
            }
        }

        (List<(string Name, string Text)> files, int status) = await i.ReadAsync(i.Operands);
        string text = string.Concat(files.Select(file => file.Text));
        if (!ScreenKeys.HasScreen(i))
        {
            await i.PrintAsync(text);
            return status;
        }

        using ScreenKeys keys = new(i);
        return files.Count == 0 ? status : await new Pager(i, keys).RunAsync(i.Operands.FirstOrDefault(""), text);
    }

    private static async ValueTask<int> TopAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "bcHiSs1d:n:p:u:U:o:w:E:e:hV", ("batch", 'b'), ("iterations", 'n'), ("delay", 'd'));
        if (i.Name is "htop" && (options.Has('h') || options.Has('V')))
        {
            return await SystemCommands.PrintAsync(i, "htop 3.3.0\n");
        }

        if (options.Has('b') || !ScreenKeys.HasScreen(i))
        {
            if (!options.Has('b'))
            {
                await i.Streams.Error.WriteAsync(i.Name is "htop" ? "Error opening terminal: unknown.\n" : "top: failed tty get\n", i.Cancellation);
                return 1;
            }

            int rounds = int.TryParse(options.Value('n'), CultureInfo.InvariantCulture, out int given) ? Math.Clamp(given, 1, MostRounds) : MostRounds;
            return await new TopScreen(i).BatchAsync(rounds, TimeSpan.FromSeconds(double.TryParse(options.Value('d'), CultureInfo.InvariantCulture, out double delay) ? Math.Clamp(delay, 0.1, 3600) : 3));
        }

        using ScreenKeys keys = new(i);
        return await new TopScreen(i).RunAsync(keys);
    }

    private static async ValueTask<int> WatchAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient([.. i.Arguments.TakeWhile((argument, n) => argument.StartsWith('-') || (n > 0 && i.Arguments[n - 1] is "-n"))], "n:dtgbecpx", ("interval", 'n'), ("no-title", 't'));
        string[] words = [.. i.Arguments.SkipWhile((argument, n) => argument.StartsWith('-') || (n > 0 && i.Arguments[n - 1] is "-n"))];
        if (words.Length == 0 || !ScreenKeys.HasScreen(i))
        {
            await i.Streams.Error.WriteAsync(words.Length == 0 ? "Usage:\n watch [options] command\n" : "Error opening terminal: unknown.\n", i.Cancellation);
            return 1;
        }

        double seconds = double.TryParse(options.Value('n'), CultureInfo.InvariantCulture, out double given) ? Math.Clamp(given, 0.1, 86_400) : 2;
        using ScreenKeys keys = new(i);
        await keys.WriteAsync("\x1b[?1049h");
        for (int? key = ScreenKeys.None; key is not (null or 3 or 'q'); key = await keys.ReadAsync(TimeSpan.FromSeconds(seconds)))
        {
            BufferOutput output = new(256 * 1024);
            await i.Interpreter.CallAsync(["sh", "-c", string.Join(' ', words)], i.Streams with { Output = output, Error = output, Input = ShellInput.Empty }, i.Cancellation);
            string title = $"Every {seconds.ToString("0.0", CultureInfo.InvariantCulture)}s: {string.Join(' ', words)}";
            string when = $"{i.State.Visit.Memory.HostName}: {i.Machine.Now.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture)}";
            (int columns, int rows) = keys.Size;
            string head = options.Has('t') ? "" : title.PadRight(Math.Max(title.Length + 1, columns - when.Length)) + when + "\n\n";
            await keys.WriteAsync("\x1b[H" + string.Concat((head + output.Text).Split('\n').Take(rows - 1).Select(line => "\x1b[K" + (line.Length <= columns ? line : line[..columns]) + "\n")) + "\x1b[J");
        }

        await keys.WriteAsync("\x1b[?1049l");
        return 0;
    }

    private static async ValueTask<int> ManualAsync(Invocation i)
    {
        string[] operands = [.. i.Operands];
        if (operands.Length == 0)
        {
            await i.Streams.Error.WriteAsync("What manual page do you want?\nFor example, try 'man man'.\n", i.Cancellation);
            return 1;
        }

        string name = operands[^1];
        string? path = Enumerable.Range(1, 8).Select(section => $"/usr/share/man/man{section}/{name}.{section}.gz").FirstOrDefault(page => i.Files.Find(page) is FileNode);
        if (path is null)
        {
            await i.Streams.Error.WriteAsync($"No manual entry for {name}\n", i.Cancellation);
            return 16;
        }

        char number = path[^4];
        string summary = i.Machine.Packages.Owner(path)?.Summary ?? name, title = $"{name.ToUpperInvariant()}({number})";
        string text = $"{title,-30}{"User Commands",-20}{title,28}\n\nNAME\n       {name} - {summary}\n\nSYNOPSIS\n       {name} [OPTION]... [FILE]...\n\nDESCRIPTION\n       The manual of {name} comes with the package {i.Machine.Packages.Owner(path)?.Name ?? name}. See\n       /usr/share/doc/{i.Machine.Packages.Owner(path)?.Name ?? name}.\n\n       --help display this help and exit\n\n       --version\n              output version information and exit\n\nSEE ALSO\n       /usr/share/doc/{i.Machine.Packages.Owner(path)?.Name ?? name}\n";
        if (!ScreenKeys.HasScreen(i))
        {
            await i.PrintAsync(text);
            return 0;
        }

        using ScreenKeys keys = new(i);
        return await new Pager(i, keys).RunAsync($" Manual page {name}({number}) line 1 (press h for help or q to quit)", text);
    }

    private static async ValueTask<int> WhatIsAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        string? path = Enumerable.Range(1, 8).Select(section => $"/usr/share/man/man{section}/{name}.{section}.gz").FirstOrDefault(page => i.Files.Find(page) is FileNode);
        return path is null ? await SystemCommands.PrintAsync(i, $"{name}: nothing appropriate.\n", 16) : await SystemCommands.PrintAsync(i, $"{name + $" ({path[^4]})",-20} - {i.Machine.Packages.Owner(path)?.Summary}\n");
    }

    // A shell within the shell, as one sees it in there.
    private static async ValueTask<int> MultiplexAsync(Invocation i)
    {
        if (i.Arguments.Any(argument => argument is "-ls" or "-list" or "ls" or "list-sessions"))
        {
            return await SystemCommands.PrintAsync(i, i.Name is "tmux" ? "no server running on /tmp/tmux-0/default\n" : $"No Sockets found in /run/screen/S-{i.State.Visit.UserName}.\n\n", 1);
        }

        if (i.Arguments.Any(argument => argument is "-v" or "-V" or "--version"))
        {
            return await SystemCommands.PrintAsync(i, i.Name is "tmux" ? "tmux 3.4\n" : "Screen version 4.09.01 (GNU) 20-Aug-23\n");
        }

        // Detached: what it was given goes on by itself.
        bool isDetached = i.Arguments.Any(argument => argument is "-dmS" or "-dm" or "-d" or "new-session" or "new");
        string command = string.Join(' ', i.OperandsWithout("SsLct").Skip(i.Arguments.Contains("-dmS", StringComparer.Ordinal) ? 1 : 0).Where(operand => operand is not ("new" or "new-session")));
        if (isDetached && i.Arguments.Any(argument => argument.StartsWith("-d", StringComparison.Ordinal)))
        {
            int server = i.State.Visit.Memory.Processes.Start($"{(i.Name is "tmux" ? "tmux" : "SCREEN")} {string.Join(' ', i.Arguments)}", i.State.Visit.UserName, 1, "?", i.State.Folder);
            if (command.Length > 0)
            {
                i.State.Visit.Memory.Processes.Start(command, i.State.Visit.UserName, server, "?", i.State.Folder);
            }

            return 0;
        }

        if (!ScreenKeys.HasScreen(i))
        {
            await i.Streams.Error.WriteAsync(i.Name is "tmux" ? "open terminal failed: not a terminal\n" : "Must be connected to a terminal.\n", i.Cancellation);
            return 1;
        }

        await i.PrintAsync("\x1b[H\x1b[2J");
        int status = await i.State.Visit.NestedShellAsync(i.State.Copy(), i.Cancellation);
        await i.PrintAsync(i.Name is "tmux" ? "[exited]\n" : "\x1b[H\x1b[2J[screen is terminating]\n");
        return status;
    }
}
