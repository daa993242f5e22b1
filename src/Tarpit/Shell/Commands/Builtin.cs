using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Builtins of bash.</summary>
internal static class Builtin
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        [":"] = _ => new(0),
        ["true"] = _ => new(0),
        ["false"] = _ => new(1),
        ["cd"] = ChangeFolderAsync,
        ["pwd"] = async i =>
        {
            await i.PrintAsync(i.State.Folder + "\n");
            return 0;
        },
        ["echo"] = EchoAsync,
        ["printf"] = PrintfAsync,
        ["export"] = ExportAsync,
        ["declare"] = ExportAsync,
        ["typeset"] = ExportAsync,
        ["local"] = ExportAsync,
        ["readonly"] = ExportAsync,
        ["unset"] = Unset,
        ["set"] = SetAsync,
        ["shift"] = Shift,
        ["read"] = ReadingBuiltins.ReadAsync,
        ["test"] = i => new(new Condition(i.Arguments, i.State, isExtended: false).Evaluate()),
        ["["] = BracketAsync,
        ["let"] = i => new(i.Arguments.Count > 0 && i.Arguments.Select(a => Calculator.Evaluate(a, i.State)).ToArray()[^1] != 0 ? 0 : 1),
        ["alias"] = AliasAsync,
        ["unalias"] = i =>
        {
            foreach (string name in i.Operands)
            {
                i.State.Aliases.Remove(name);
            }

            return new(0);
        },
        ["history"] = HistoryAsync,
        ["type"] = TypeAsync,
        ["command"] = CommandAsync,
        ["builtin"] = CommandAsync,
        ["kill"] = SignalBuiltins.KillAsync,
        ["umask"] = async i =>
        {
            await i.PrintAsync(i.Arguments.Count == 0 ? (i.State.Visit.UserId == 0 ? "0022\n" : "0002\n") : "");
            return 0;
        },
        ["ulimit"] = UlimitAsync,
        ["wait"] = _ => new(0),
        ["jobs"] = _ => new(0),
        ["disown"] = _ => new(0),
        ["bg"] = i => i.FailAsync("current: no such job"),
        ["fg"] = i => i.FailAsync("current: no such job"),
        ["trap"] = SignalBuiltins.TrapAsync,
        ["getopts"] = ReadingBuiltins.GetOption,
        ["mapfile"] = ReadingBuiltins.ReadLinesAsync,
        ["readarray"] = ReadingBuiltins.ReadLinesAsync,
        ["hash"] = _ => new(0),
        ["enable"] = _ => new(0),
        ["shopt"] = _ => new(0),
        ["times"] = async i =>
        {
            await i.PrintAsync("0m0.011s 0m0.006s\n0m0.048s 0m0.031s\n");
            return 0;
        },
    };

    private static readonly HashSet<string> ReservedWords = new(StringComparer.Ordinal) { "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in", "function", "time", "{", "}", "!", "[[", "]]", "coproc" };
    private static readonly HashSet<string> ControlNames = new(StringComparer.Ordinal) { "break", "continue", "return", "exit", "logout", "exec", "eval", ".", "source" };

    private static async ValueTask<int> ChangeFolderAsync(Invocation i)
    {
        string target = i.Operands.Count > 0 ? i.Operands[0] : i.Arguments.Contains("-", StringComparer.Ordinal) ? "-" : i.State.Get("HOME");
        if (target is "-")
        {
            target = i.State.PreviousFolder;
            if (target.Length == 0)
            {
                return await ShellErrorAsync(i, "OLDPWD not set");
            }

            await i.PrintAsync(target + "\n");
        }

        string path = i.State.Path(target);
        switch (i.Files.Resolve(path, follow: true, out FileError error))
        {
            case (_, FolderNode folder):
                if (!Access.MayExecute(folder, i.State.Visit.UserId))
                {
                    return await ShellErrorAsync(i, $"{target}: Permission denied");
                }

                i.State.PreviousFolder = i.State.Folder;
                i.State.Folder = path;
                i.State.Set("OLDPWD", i.State.PreviousFolder);
                return 0;
            case (_, not null):
                return await ShellErrorAsync(i, $"{target}: Not a directory");
            default:
                return await ShellErrorAsync(i, $"{target}: {(error == FileError.None ? FileError.NotFound : error).Text()}");
        }
    }

    public static async ValueTask<int> ShellErrorAsync(Invocation i, string text)
    {
        string line = i.State.Io.Terminal is null ? "line 1: " : "";
        await i.Streams.Error.WriteAsync($"{i.State.Name}: {line}{i.Name}: {text}\n", i.Cancellation);
        return 1;
    }

    private static async ValueTask<int> EchoAsync(Invocation i)
    {
        int first = 0;
        bool newLine = true, escapes = false;
        while (first < i.Arguments.Count && i.Arguments[first] is ['-', .. { Length: > 0 } letters] && letters.All(c => c is 'n' or 'e' or 'E'))
        {
            newLine &= !letters.Contains('n', StringComparison.Ordinal);
            escapes |= letters.Contains('e', StringComparison.Ordinal);
            first++;
        }

        string text = string.Join(' ', i.Arguments.Skip(first));
        if (escapes)
        {
            newLine &= !text.Contains("\\c", StringComparison.Ordinal);
            text = Escapes.Decode(text, isEcho: true);
        }

        await i.PrintAsync(newLine ? text + "\n" : text);
        return 0;
    }

    private static async ValueTask<int> PrintfAsync(Invocation i)
    {
        if (i.Arguments.Count == 0)
        {
            return await ShellErrorAsync(i, "usage: printf [-v var] format [arguments]");
        }

        if (i.Arguments is ["-v", var name, var format, ..])
        {
            i.State.Set(name, Format.Apply(format, [.. i.Arguments.Skip(3)]));
            return 0;
        }

        IReadOnlyList<string> words = [.. i.Arguments.SkipWhile((argument, at) => at == 0 && argument is "--")];
        await i.PrintAsync(words.Count == 0 ? "" : Format.Apply(words[0], [.. words.Skip(1)]));
        return 0;
    }

    private static async ValueTask<int> ExportAsync(Invocation i)
    {
        if (i.Operands.Count == 0 && i.Name is "export" or "declare")
        {
            await i.PrintAsync(string.Concat(i.State.Exported.Order(StringComparer.Ordinal).Select(name => $"declare -x {name}=\"{i.State.Get(name)}\"\n")));
            return 0;
        }

        foreach (string operand in i.Operands)
        {
            // Values were assigned before: what comes here are names, or an assignment that another command passed on.
            int equals = operand.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? operand : operand[..equals];
            if (equals >= 0)
            {
                i.State.Set(name, operand[(equals + 1)..]);
            }

            if (i.Name is "export" || i.Has('x'))
            {
                i.State.Exported.Add(name);
            }
        }

        return 0;
    }

    private static ValueTask<int> Unset(Invocation i)
    {
        foreach (string name in i.Operands)
        {
            if (name.EndsWith(']') && name.IndexOf('[', StringComparison.Ordinal) is > 0 and var open)
            {
                i.State.Arrays.GetValueOrDefault(name[..open])?.Remove(name[(open + 1)..^1]);
                continue;
            }

            if (!i.Has('f'))
            {
                i.State.Unset(name);
            }

            if (!i.Has('v'))
            {
                i.State.Functions.Remove(name);
            }
        }

        return new(0);
    }

    private static async ValueTask<int> SetAsync(Invocation i)
    {
        if (i.Arguments.Count == 0)
        {
            await i.PrintAsync(string.Concat(i.State.Variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}\n")));
        }
        else
        {
            SetOptions(i);
        }

        return 0;
    }

    private static void SetOptions(Invocation i)
    {
        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at];
            if (argument is "--" or "-" || argument is not ['-' or '+', _, ..])
            {
                i.State.Arguments = [.. i.Arguments.Skip(argument is "--" or "-" ? at + 1 : at)];
                return;
            }

            if (argument is "-o" or "+o")
            {
                Set(i.State, at + 1 < i.Arguments.Count ? i.Arguments[++at] : "", argument[0] == '-');
            }
            else if (argument.Contains('f', StringComparison.Ordinal))
            {
                Set(i.State, "noglob", argument[0] == '-');
            }
        }

        static void Set(ShellState state, string option, bool isSet) => _ = isSet ? state.Options.Add(option) : state.Options.Remove(option);
    }

    private static ValueTask<int> Shift(Invocation i)
    {
        int count = i.Arguments.Count > 0 && int.TryParse(i.Arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 1;
        if (count > i.State.Arguments.Count)
        {
            return new(1);
        }

        i.State.Arguments = [.. i.State.Arguments.Skip(count)];
        return new(0);
    }

    private static async ValueTask<int> BracketAsync(Invocation i) =>
        i.Arguments.Count == 0 || i.Arguments[^1] is not "]"
            ? await ShellErrorAsync(i, "missing `]'") + 1
            : new Condition([.. i.Arguments.Take(i.Arguments.Count - 1)], i.State, isExtended: false).Evaluate();

    private static async ValueTask<int> AliasAsync(Invocation i)
    {
        foreach (string operand in i.Operands)
        {
            int equals = operand.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && i.State.Aliases.Count < 256)
            {
                i.State.Aliases[operand[..equals]] = operand[(equals + 1)..];
            }
        }

        if (i.Operands.Count == 0)
        {
            await i.PrintAsync(string.Concat(i.State.Aliases.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"alias {a.Key}='{a.Value}'\n")));
        }

        return 0;
    }

    private static async ValueTask<int> HistoryAsync(Invocation i)
    {
        if (i.Has('c'))
        {
            i.State.History.Clear();
            return 0;
        }

        StringBuilder text = new();
        for (int n = 0; n < i.State.History.Count; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{n + 1,5}  {i.State.History[n]}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static async ValueTask<int> TypeAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.Operands)
        {
            if (i.Has('t'))
            {
                string? kind = i.State.Aliases.ContainsKey(name) ? "alias" : ReservedWords.Contains(name) ? "keyword" : i.State.Functions.ContainsKey(name) ? "function" : Catalogue.Builtins.ContainsKey(name) || ControlNames.Contains(name) ? "builtin" : i.Interpreter.FindProgram(name) is not null ? "file" : null;
                status = kind is null ? 1 : status;
                await i.PrintAsync(kind is null ? "" : kind + "\n");
                continue;
            }

            string? text = ReservedWords.Contains(name) ? $"{name} is a shell keyword" : i.State.Aliases.TryGetValue(name, out string? alias) ? $"{name} is aliased to `{alias}'"
                : i.State.Functions.ContainsKey(name) ? $"{name} is a function"
                : Catalogue.Builtins.ContainsKey(name) ? $"{name} is a shell builtin"
                : i.Interpreter.FindProgram(name) is { } path ? $"{name} is {path}" : null;
            if (text is null)
            {
                status = await ShellErrorAsync(i, $"{name}: not found");
            }
            else
            {
                await i.PrintAsync(text + "\n");
            }
        }

        return status;
    }

    private static async ValueTask<int> CommandAsync(Invocation i)
    {
        if (i.Has('v') || i.Has('V'))
        {
            int status = 1;
            foreach (string name in i.Operands)
            {
                string? found = Catalogue.Builtins.ContainsKey(name) || i.State.Functions.ContainsKey(name) ? name : i.Interpreter.FindProgram(name);
                if (found is not null)
                {
                    await i.PrintAsync(found + "\n");
                    status = 0;
                }
            }

            return status;
        }

        if (i.Operands.Count > 0)
        {
            await i.Interpreter.CallAsync([.. i.Arguments.SkipWhile(a => a.StartsWith('-'))], i.Streams, i.Cancellation);
            return i.State.Status;
        }

        return 0;
    }

    private static async ValueTask<int> UlimitAsync(Invocation i)
    {
        await i.PrintAsync(i.Has('a')
            ? "real-time non-blocking time  (microseconds, -R) unlimited\ncore file size              (blocks, -c) 0\ndata seg size               (kbytes, -d) unlimited\nscheduling priority                 (-e) 0\nfile size                   (blocks, -f) unlimited\npending signals                     (-i) 7555\nmax locked memory           (kbytes, -l) 253448\nmax memory size             (kbytes, -m) unlimited\nopen files                          (-n) 1024\npipe size                (512 bytes, -p) 8\nstack size                  (kbytes, -s) 8192\ncpu time                   (seconds, -t) unlimited\nmax user processes                  (-u) 7555\nvirtual memory              (kbytes, -v) unlimited\n"
            : i.Arguments.Count == 1 && i.Has('n') ? "1024\n" : i.Arguments.Count <= 1 && !i.Has('c') ? "unlimited\n" : "");
        return 0;
    }
}
