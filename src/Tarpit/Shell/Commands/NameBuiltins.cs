using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Builtins about names: alias, unset, type, command and builtin.</summary>
internal static class NameBuiltins
{
    private const int MostAliases = 256;
    private static readonly HashSet<string> ReservedWords = new(StringComparer.Ordinal) { "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in", "function", "time", "{", "}", "!", "[[", "]]", "coproc" };

    public static bool IsBuiltin(string name) => Catalogue.Builtins.ContainsKey(name) || ControlBuiltins.IsName(name) || DeclareBuiltin.IsName(name);

    public static async ValueTask<int> UnsetAsync(Invocation i)
    {
        string letters = "";
        int at = 0;
        for (; at < i.Arguments.Count && i.Arguments[at] is ['-', _, ..] option; at++)
        {
            if (option is "--")
            {
                at++;
                break;
            }

            if (option[1..].Any(c => c is not ('f' or 'v' or 'n')))
            {
                return await Builtin.InvalidOptionAsync(i, option[..2], "unset [-f] [-v] [-n] [name ...]");
            }

            letters += option[1..];
        }

        if (letters.Contains('f', StringComparison.Ordinal) && letters.Contains('v', StringComparison.Ordinal))
        {
            return await Builtin.ShellErrorAsync(i, "cannot simultaneously unset a function and a variable");
        }

        int status = 0;
        foreach (string name in i.Arguments.Skip(at))
        {
            status = Math.Max(status, await UnsetOneAsync(i, name, letters));
        }

        return status;
    }

    private static async ValueTask<int> UnsetOneAsync(Invocation i, string name, string letters)
    {
        ShellState state = i.State;
        if (letters.Contains('f', StringComparison.Ordinal))
        {
            state.Functions.Remove(name);
            return 0;
        }

        int open = name.IndexOf('[', StringComparison.Ordinal);
        string variable = open > 0 ? name[..open] : name;
        if (Syntax.ParameterReader.NameEnd(variable, 0) != variable.Length || variable.Length == 0)
        {
            return state.Functions.Remove(name) || letters.Length == 0 ? 0 : await Builtin.ShellErrorAsync(i, $"`{name}': not a valid identifier");
        }

        variable = letters.Contains('n', StringComparison.Ordinal) ? variable : state.Variables.Resolve(variable);
        if (variable is "UID" or "EUID" or "PPID" or "SHELLOPTS" or "BASHOPTS" or "BASH_VERSINFO" || state.Variables.FindItself(variable) is { IsReadOnly: true })
        {
            return await Builtin.ShellErrorAsync(i, $"{variable}: cannot unset: readonly variable");
        }

        if (open > 0 && name.EndsWith(']'))
        {
            string key = name[(open + 1)..^1];
            if (state.Variables.FindItself(variable)?.Array is { } array)
            {
                if (key.Length == 0)
                {
                    return array.IsAssociative ? await Builtin.ShellErrorAsync(i, "[]: bad array subscript") : 0;
                }

                if (!array.IsAssociative && key is "@" or "*")
                {
                    // The array stays, without elements.
                    array.Clear();
                    return 0;
                }

                key = array.IsAssociative && key is "@" or "*" ? key : state.Key(array.IsAssociative, key);
                if (array.IsBefore(key))
                {
                    return await Builtin.ShellErrorAsync(i, $"[{key}]: bad array subscript");
                }

                array.Remove(key);
            }

            else if (state.Variables.FindItself(variable) is not null && Calculator.Evaluate(key, state) == 0)
            {
                state.Variables.Unset(variable);
            }

            return 0;
        }

        if (state.Variables.FindItself(variable) is null && !letters.Contains('v', StringComparison.Ordinal))
        {
            state.Functions.Remove(variable);
        }

        state.Variables.Unset(variable);
        return 0;
    }

    public static async ValueTask<int> AliasAsync(Invocation i)
    {
        int status = 0;
        if (i.Arguments is [['-', not ('p' or '-'), ..] wrong, ..])
        {
            return await Builtin.InvalidOptionAsync(i, wrong[..2], "alias [-p] [name[=value] ... ]");
        }

        IReadOnlyList<string> operands = [.. i.Arguments.Where(argument => argument is not ("-p" or "--"))];
        foreach (string operand in operands)
        {
            int equals = operand.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                if (i.State.Aliases.Count < MostAliases)
                {
                    i.State.Reserve(operand.Length);
                    i.State.Aliases[operand[..equals]] = operand[(equals + 1)..];
                }
            }
            else if (i.State.Aliases.TryGetValue(operand, out string? value))
            {
                await i.PrintAsync($"alias {operand}={Quoting.Single(value)}\n");
            }
            else
            {
                status = await Builtin.ShellErrorAsync(i, $"{operand}: not found");
            }
        }

        if (operands.Count == 0)
        {
            await i.PrintAsync(string.Concat(i.State.Aliases.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"alias {a.Key}={Quoting.Single(a.Value)}\n")));
        }

        return status;
    }

    public static async ValueTask<int> UnaliasAsync(Invocation i)
    {
        if (i.Arguments is [['-', not ('a' or '-'), ..] wrong, ..])
        {
            return await Builtin.InvalidOptionAsync(i, wrong[..2], "unalias [-a] name [name ...]");
        }

        if (i.Has('a'))
        {
            i.State.Aliases.Clear();
            return 0;
        }

        if (i.Operands.Count == 0)
        {
            await i.Streams.Error.WriteAsync("unalias: usage: unalias [-a] name [name ...]\n", i.Cancellation);
            return 2;
        }

        int status = 0;
        foreach (string name in i.Operands)
        {
            status = i.State.Aliases.Remove(name) ? status : await Builtin.ShellErrorAsync(i, $"{name}: not found");
        }

        return status;
    }

    public static async ValueTask<int> TypeAsync(Invocation i)
    {
        if (i.Arguments.TakeWhile(argument => argument is ['-', _, ..] and not "--").FirstOrDefault(argument => argument[1..].Any(c => !"afptP".Contains(c, StringComparison.Ordinal))) is { } wrong && wrong is not ("--type" or "--path" or "--all"))
        {
            return await Builtin.InvalidOptionAsync(i, $"-{wrong[1..].First(c => !"afptP".Contains(c, StringComparison.Ordinal))}", "type [-afptP] name [name ...]");
        }

        int status = 0;
        foreach (string name in i.Operands)
        {
            bool isFound = false;
            foreach ((string kind, string text) in Meanings(i, name, all: i.Has('a')))
            {
                isFound = true;
                string shown = i.Has('t') ? (kind is "hashed" ? "file" : kind) + "\n" : i.Has('p') || i.Has('P') ? kind is "file" ? text[(name.Length + 4)..] + "\n" : kind is "hashed" ? i.State.Hashed![name].Path + "\n" : "" : text + "\n";
                await i.PrintAsync(shown);
                if (!i.Has('a'))
                {
                    break;
                }
            }

            if (!isFound)
            {
                status = i.Has('t') || i.Has('p') || i.Has('P') ? 1 : await Builtin.ShellErrorAsync(i, $"{name}: not found");
            }
        }

        return status;
    }

    private static IEnumerable<(string Kind, string Text)> Meanings(Invocation i, string name, bool all)
    {
        bool onlyFile = i.Name is "type" && i.Has('P');
        if (!onlyFile)
        {
            if (i.State.Aliases.TryGetValue(name, out string? alias) && (i.State.IsInteractive || i.State.Has("expand_aliases")))
            {
                yield return ("alias", $"{name} is aliased to `{alias}'");
            }

            if (ReservedWords.Contains(name))
            {
                yield return ("keyword", $"{name} is a shell keyword");
            }

            if (!(i.Name is "type" && i.Has('f')) && i.State.Functions.TryGetValue(name, out Syntax.Function? function))
            {
                yield return ("function", $"{name} is a function\n{FunctionPrinter.Print(function).TrimEnd('\n')}");
            }

            if (IsBuiltin(name) && !EnableBuiltin.IsDisabled(i.State, name))
            {
                yield return ("builtin", $"{name} is a shell builtin");
            }
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            if (i.Files.Find(i.State.Path(name)) is Files.FileNode file && Files.Access.MayExecute(file, i.State.Visit.UserId))
            {
                yield return ("file", $"{name} is {name}");
            }
        }
        else if (!all && i.State.Hashed?.TryGetValue(name, out (string Path, int Hits) known) == true)
        {
            yield return ("hashed", $"{name} is hashed ({known.Path})");
        }
        else if (i.Interpreter.FindProgram(name) is { } path)
        {
            yield return ("file", $"{name} is {path}");
            if (all && path.StartsWith("/usr/bin/", StringComparison.Ordinal) && i.State.Get("PATH").Split(':').Contains("/bin", StringComparer.Ordinal))
            {
                yield return ("file", $"{name} is {path[4..]}");
            }
        }
    }

    public static async ValueTask<int> CommandAsync(Invocation i)
    {
        List<string> words = [.. i.Arguments];
        string letters = "";
        while (words is [['-', _, ..] option, ..])
        {
            words.RemoveAt(0);
            if (option is "--")
            {
                break;
            }

            if (option[1..].Any(c => c is not ('v' or 'V' or 'p')))
            {
                return await Builtin.InvalidOptionAsync(i, option[..2], "command [-pVv] command [arg ...]");
            }

            letters += option[1..];
        }

        if (!letters.Contains('p', StringComparison.Ordinal))
        {
            return await CommandAsync(i, words, letters);
        }

        i.State.Variables.Push(isFunction: false);
        try
        {
            i.State.Variables.MakeTemporary("PATH").Value = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
            return await CommandAsync(i, words, letters);
        }
        finally
        {
            i.State.Variables.Pop();
        }
    }

    private static async ValueTask<int> CommandAsync(Invocation i, List<string> words, string letters)
    {
        if (letters.Contains('v', StringComparison.Ordinal) || letters.Contains('V', StringComparison.Ordinal))
        {
            int status = words.Count == 0 ? 0 : 1;
            foreach (string name in words)
            {
                (string kind, string text) = Meanings(i, name, all: false).FirstOrDefault();
                if (kind is null)
                {
                    status = letters.Contains('V', StringComparison.Ordinal) ? await Builtin.ShellErrorAsync(i, $"{name}: not found") : status;
                    continue;
                }

                string shortText = kind is "file" ? text[(name.Length + 4)..] : kind is "hashed" ? i.State.Hashed![name].Path : kind is "alias" ? $"alias {name}={Quoting.Single(i.State.Aliases[name])}" : name;
                await i.PrintAsync((letters.Contains('V', StringComparison.Ordinal) ? text : shortText) + "\n");
                status = 0;
            }

            return status;
        }

        if (words.Count == 0)
        {
            return 0;
        }

        // Functions are passed over.
        await ((Interpreter)i.Interpreter).CallBodyAsync(i with { Name = words[0], Arguments = words[1..] });
        return i.State.Status;
    }

    public static async ValueTask<int> BuiltinAsync(Invocation i)
    {
        IReadOnlyList<string> words = i.Arguments is ["--", ..] ? [.. i.Arguments.Skip(1)] : i.Arguments;
        if (words.Count == 0)
        {
            return 0;
        }

        if (!IsBuiltin(words[0]) || EnableBuiltin.IsDisabled(i.State, words[0]))
        {
            return await Builtin.ShellErrorAsync(i, $"{words[0]}: not a shell builtin");
        }

        await ((Interpreter)i.Interpreter).CallBodyAsync(i with { Name = words[0], Arguments = [.. words.Skip(1)] });
        return i.State.Status;
    }
}
