using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>The variables of a shell as set and declare list them: with those that it keeps itself.</summary>
internal static class OwnVariables
{
    private static readonly string[] s_texts =
    [
        "BASH", "BASHOPTS", "BASH_VERSION", "EUID", "HOSTNAME", "HOSTTYPE", "IFS", "MACHTYPE", "OPTERR", "OPTIND", "OSTYPE", "PPID", "PS4", "PWD", "SHELLOPTS", "SHLVL", "UID", "_",
    ];

    /// <summary>All that are there, in order; nothing that is changed in them lasts for the shell's own.</summary>
    public static IEnumerable<KeyValuePair<string, Variable>> All(ShellState state)
    {
        if (state.IsDash)
        {
            return state.Variables.All;
        }

        Dictionary<string, Variable> all = new(StringComparer.Ordinal)
        {
            ["BASH_LOADABLES_PATH"] = new() { Value = "/usr/local/lib/bash:/usr/lib/bash:/opt/local/lib/bash:/usr/pkg/lib/bash:/opt/pkg/lib/bash:." },
            ["BASH_ALIASES"] = Named(state.Aliases),
            ["BASH_CMDS"] = Named((state.Hashed ?? []).ToDictionary(pair => pair.Key, pair => pair.Value.Path, StringComparer.Ordinal)),
        };
        foreach (string name in new[] { "BASH_ARGV0", "BASH_COMMAND", "BASH_SUBSHELL", "COMP_WORDBREAKS", "EPOCHREALTIME", "EPOCHSECONDS", "LINENO", "SECONDS", "BASHPID", "HISTCMD", "RANDOM", "SRANDOM" })
        {
            // Declared, with values only when they are asked for.
            all[name] = new Variable { IsInteger = name is "BASHPID" or "HISTCMD" or "RANDOM" or "SRANDOM" };
        }

        all["FUNCNAME"] = new Variable { Array = new ShellArray(isAssociative: false) };
        all["OLDPWD"] = new Variable { IsExported = true };
        foreach (string name in s_texts)
        {
            if (ShellParameters.Find(state, name) is { } value)
            {
                bool isNumber = name is "EUID" or "PPID" or "UID";
                all[name] = new Variable { Value = value, IsInteger = isNumber || name is "OPTIND", IsReadOnly = isNumber || name is "BASHOPTS" or "SHELLOPTS", IsExported = name is "SHLVL" or "PWD" };
            }
        }

        // Those that are computed when they are asked for are empty here.
        foreach (string name in new[] { "BASH_ARGC", "BASH_ARGV", "DIRSTACK", "GROUPS", "BASH_LINENO", "BASH_SOURCE", "BASH_VERSINFO", "PIPESTATUS" })
        {
            all[name] = Listed(name is not ("DIRSTACK" or "GROUPS") ? ShellParameters.List(state, name) ?? [] : [], isReadOnly: name is "BASH_VERSINFO");
        }

        if (state.Calls.Exists(call => !call.IsFile))
        {
            all["FUNCNAME"] = Listed(ShellParameters.List(state, "FUNCNAME") ?? [], isReadOnly: false);
        }

        foreach ((string name, Variable variable) in state.Variables.All)
        {
            all[name] = variable;
        }

        return all.OrderBy(pair => pair.Key, StringComparer.Ordinal);
    }

    /// <summary>Functions as set shows them behind the variables.</summary>
    public static string Functions(ShellState state) => state.IsDash || state.Has("posix") ? "" : string.Concat(state.Functions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => FunctionPrinter.Print(pair.Value)));

    /// <summary>Whether set shows it: an empty array is a value.</summary>
    public static bool IsShown(Variable variable) => variable.Value is not null || variable.Array is { IsAssigned: true };

    private static Variable Named(Dictionary<string, string> pairs)
    {
        ShellArray array = new(isAssociative: true) { IsAssigned = true };
        foreach ((string key, string value) in pairs)
        {
            array.Set(key, value);
        }

        return new Variable { Array = array };
    }

    private static Variable Listed(IReadOnlyList<string> values, bool isReadOnly)
    {
        ShellArray array = new(isAssociative: false) { IsAssigned = true };
        foreach (string value in values)
        {
            array.Add(value);
        }

        return new Variable { Array = array, IsReadOnly = isReadOnly };
    }
}
