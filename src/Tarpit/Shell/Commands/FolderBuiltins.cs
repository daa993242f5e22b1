using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>cd, pwd, pushd, popd and dirs.</summary>
internal static class FolderBuiltins
{
    private const int MostFolders = 256;

    public static async ValueTask<int> PrintAsync(Invocation i)
    {
        if (i.Arguments.FirstOrDefault(argument => argument is ['-', _, ..] and not ("-L" or "-P" or "-LP" or "-PL" or "--")) is { } wrong)
        {
            return await Builtin.InvalidOptionAsync(i, wrong[..2], "pwd [-LP]");
        }

        bool isPhysical = i.Has('P') || i.State.Has("physical");
        await i.PrintAsync((isPhysical && i.Files.Resolve(i.State.Folder, follow: true, out _) is { } place ? place.Path : i.State.Folder) + "\n");
        return 0;
    }

    public static async ValueTask<int> ChangeAsync(Invocation i)
    {
        List<string> operands = [.. i.Arguments.SkipWhile(argument => argument is "-L" or "-P" or "-e" or "-@" or "--" or "-LP" or "-PL")];
        if (operands is [['-', not '-', ..] option, ..] && option.Length > 1)
        {
            return await Builtin.InvalidOptionAsync(i, option[..2], "cd [-L|[-P [-e]] [-@]] [dir]");
        }

        if (operands.Count > 1)
        {
            return await Builtin.ShellErrorAsync(i, "too many arguments");
        }

        string target = operands.Count > 0 ? operands[0] : i.State.Get("HOME");
        if (operands.Count == 0 && i.State.Find("HOME") is null)
        {
            return await Builtin.ShellErrorAsync(i, "HOME not set");
        }

        bool prints = target is "-";
        if (target is "-")
        {
            target = i.State.Get("OLDPWD");
            if (target.Length == 0)
            {
                return await Builtin.ShellErrorAsync(i, "OLDPWD not set");
            }
        }
        else if (i.State.Find("CDPATH") is { Length: > 0 } path && !target.StartsWith('/') && !target.StartsWith('.'))
        {
            string? found = path.Split(':').Select(folder => FileSystem.Normalize(target, folder.Length == 0 ? i.State.Folder : i.State.Path(folder))).FirstOrDefault(folder => i.Files.Find(folder) is FolderNode);
            prints = found is not null && !path.StartsWith(':');
            target = found ?? target;
        }

        int status = await GoAsync(i, target, i.Has('P') || i.State.Has("physical"));
        if (status == 0 && prints)
        {
            await i.PrintAsync(i.State.Folder + "\n");
        }

        return status;
    }

    public static async ValueTask<int> PushAsync(Invocation i)
    {
        bool isQuiet = i.Arguments.Contains("-n", StringComparer.Ordinal);
        List<string> operands = [.. i.Arguments.Where(argument => argument is not ("-n" or "--"))];
        if (operands.Find(argument => argument is ['-', not (>= '0' and <= '9'), ..]) is { } wrong)
        {
            await Builtin.ShellErrorAsync(i, $"{wrong}: invalid number");
            await i.Streams.Error.WriteAsync("pushd: usage: pushd [-n] [+N | -N | dir]\n", i.Cancellation);
            return 2;
        }

        if (operands.Count > 1)
        {
            return await Builtin.ShellErrorAsync(i, "too many arguments");
        }

        List<string> folders = i.State.Folders;
        if (operands.Count == 0 && isQuiet)
        {
            return 0;
        }

        if (operands.Count == 0 || operands[0] is ['+' or '-', _, ..])
        {
            if (folders.Count == 0 && !(isQuiet && operands is ["+0" or "-0"]))
            {
                return await Builtin.ShellErrorAsync(i, operands.Count == 0 ? "no other directory" : "directory stack empty");
            }

            List<string> all = [i.State.Folder, .. folders];
            int at = operands.Count == 0 ? 1 : int.TryParse(operands[0][1..], System.Globalization.CultureInfo.InvariantCulture, out int number) ? (operands[0][0] == '+' ? number : all.Count - 1 - number) : -1;
            if (at < 0 || at >= all.Count)
            {
                return await Builtin.ShellErrorAsync(i, $"{operands[0]}: directory stack index out of range");
            }

            if (isQuiet)
            {
                return await PrintStackAsync(i);
            }

            // Without a number the first two change places; with one the stack turns.
            List<string> turned = operands.Count == 0 ? [all[1], all[0], .. all.Skip(2)] : [.. all.Skip(at), .. all.Take(at)];
            if (await GoAsync(i, turned[0], isPhysical: false) != 0)
            {
                return 1;
            }

            folders.Clear();
            folders.AddRange(turned.Skip(1));
        }
        else
        {
            string before = i.State.Folder;
            if (isQuiet && folders.Count < MostFolders)
            {
                folders.Insert(0, i.State.Path(operands[0]));
                return await PrintStackAsync(i);
            }

            if (folders.Count >= MostFolders || await GoAsync(i, operands[0], isPhysical: false) != 0)
            {
                return 1;
            }

            folders.Insert(0, before);
        }

        return await PrintStackAsync(i);
    }

    public static async ValueTask<int> PopAsync(Invocation i)
    {
        List<string> folders = i.State.Folders;
        if (i.Arguments.FirstOrDefault(argument => argument is not ("-n" or "--" or ['+' or '-', >= '0' and <= '9', ..])) is { } wrong)
        {
            await Builtin.ShellErrorAsync(i, $"{wrong}: invalid {(wrong.StartsWith('-') ? "number" : "argument")}");
            await i.Streams.Error.WriteAsync("popd: usage: popd [-n] [+N | -N]\n", i.Cancellation);
            return 2;
        }

        if (folders.Count == 0)
        {
            return await Builtin.ShellErrorAsync(i, "directory stack empty");
        }

        string text = i.Arguments.FirstOrDefault(argument => argument is ['+' or '-', >= '0' and <= '9', ..]) ?? "+0";
        int number = int.TryParse(text[1..], System.Globalization.CultureInfo.InvariantCulture, out int given) ? given : 0;
        int at = text[0] == '+' ? number : folders.Count - number;
        if (at < 0 || at > folders.Count)
        {
            return await Builtin.ShellErrorAsync(i, $"{text}: directory stack index out of range");
        }

        if (at > 0 || i.Arguments.Contains("-n", StringComparer.Ordinal))
        {
            folders.RemoveAt(Math.Max(at - 1, 0));
        }
        else
        {
            string target = folders[0];
            folders.RemoveAt(0);
            if (await GoAsync(i, target, isPhysical: false) != 0)
            {
                return 1;
            }
        }

        return await PrintStackAsync(i);
    }

    public static async ValueTask<int> ListAsync(Invocation i)
    {
        if (i.Arguments.FirstOrDefault(argument => argument is not ['+' or '-', >= '0' and <= '9', ..] and not ['-', 'c' or 'l' or 'p' or 'v' or '-', ..]) is { } wrong)
        {
            await Builtin.ShellErrorAsync(i, wrong is ['-', ..] ? $"{wrong}: invalid number" : $"{wrong}: invalid option");
            await i.Streams.Error.WriteAsync("dirs: usage: dirs [-clpv] [+N] [-N]\n", i.Cancellation);
            return 2;
        }

        if (i.Has('c'))
        {
            i.State.Folders.Clear();
            return 0;
        }

        IEnumerable<string> all = new[] { i.State.Folder }.Concat(i.State.Folders).Select(folder => i.Has('l') ? folder : Short(i, folder));
        if (i.Arguments.FirstOrDefault(argument => argument is ['+' or '-', >= '0' and <= '9', ..]) is { } place)
        {
            List<string> stack = [.. all];
            int at = int.TryParse(place[1..], System.Globalization.CultureInfo.InvariantCulture, out int number) ? place[0] == '+' ? number : stack.Count - 1 - number : -1;
            if (at < 0 || at >= stack.Count)
            {
                return await Builtin.ShellErrorAsync(i, stack.Count == 1 ? "directory stack empty" : $"{place[1..]}: directory stack index out of range");
            }

            await i.PrintAsync((i.Has('v') ? FormattableString.Invariant($"{at,2}  {stack[at]}") : stack[at]) + "\n");
            return 0;
        }

        await i.PrintAsync(i.Has('v') ? string.Concat(all.Select((folder, at) => FormattableString.Invariant($"{at,2}  {folder}\n"))) : i.Has('p') ? string.Concat(all.Select(folder => folder + "\n")) : string.Join(' ', all) + "\n");
        return 0;
    }

    private static async ValueTask<int> PrintStackAsync(Invocation i)
    {
        await i.PrintAsync(string.Join(' ', new[] { i.State.Folder }.Concat(i.State.Folders).Select(folder => Short(i, folder))) + "\n");
        return 0;
    }

    private static string Short(Invocation i, string folder)
    {
        string home = i.State.Get("HOME");
        return home.Length > 1 && (string.Equals(folder, home, StringComparison.Ordinal) || folder.StartsWith(home + "/", StringComparison.Ordinal)) ? "~" + folder[home.Length..] : folder;
    }

    private static async ValueTask<int> GoAsync(Invocation i, string target, bool isPhysical)
    {
        // With -P, ".." leads up from where a link led to.
        string from = isPhysical && i.Files.Resolve(i.State.Folder, follow: true, out _) is { } here ? here.Path : i.State.Folder;
        string path = target.Length == 0 ? i.State.Folder : FileSystem.Normalize(target, from);
        switch (i.Files.Resolve(path, follow: true, out FileError error))
        {
            case (var real, FolderNode folder):
                if (!Access.MayExecute(folder, i.State.Visit.UserId))
                {
                    return await CannotAsync(i, target, "Permission denied");
                }

                i.State.PreviousFolder = i.State.Folder;
                i.State.Folder = isPhysical ? real : path;
                i.State.Export("OLDPWD", i.State.PreviousFolder);
                i.State.Export("PWD", i.State.Folder);
                return 0;
            case (_, not null):
                return await CannotAsync(i, target, "Not a directory");
            default:
                return await CannotAsync(i, target, (error == FileError.None ? FileError.NotFound : error).Text());
        }
    }

    private static ValueTask<int> CannotAsync(Invocation i, string target, string why) =>
        i.State.IsDash ? Builtin.ShellErrorAsync(i, $"can't cd to {target}", 2) : Builtin.ShellErrorAsync(i, $"{target}: {why}");
}
