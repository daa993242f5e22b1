
namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>enable: which builtins there are. Those that are turned off are kept among the options of the shell, with a blank that no option has.</summary>
internal static class EnableBuiltin
{
    private const string Mark = "disabled ";
    private static readonly string[] s_control = ["break", "continue", "return", "exit", "exec", "eval", ".", "source", "declare", "typeset", "local", "export", "readonly", "logout"];
    private static readonly HashSet<string> s_special = new(StringComparer.Ordinal) { ".", ":", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "source", "times", "trap", "unset" };

    /// <summary>Of all builtins, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Catalogue.Builtins.Keys.Concat(s_control).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static bool IsDisabled(ShellState state, string name) => state.Options.Contains(Mark + name);

    /// <summary>Whether a name is one of an option, and not of a builtin that is turned off.</summary>
    public static bool IsOption(string name) => !name.Contains(' ', StringComparison.Ordinal);

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "adnpsf:");
        if (options.Error is { } error)
        {
            return await Builtin.InvalidOptionAsync(i, error, "enable [-a] [-dnps] [-f filename] [name ...]");
        }

        if (options.Value('f') is { } library)
        {
            return await Builtin.ShellErrorAsync(i, $"cannot open shared object {library}: {library}: cannot open shared object file: No such file or directory");
        }

        bool turnsOff = options.Has('n');
        if (options.Operands.Count == 0 || options.Has('p'))
        {
            IEnumerable<string> shown = Names.Where(name => (!options.Has('s') || s_special.Contains(name)) && (options.Has('a') || IsDisabled(i.State, name) == turnsOff));
            await i.PrintAsync(string.Concat(shown.Select(name => $"enable {(IsDisabled(i.State, name) ? "-n " : "")}{name}\n")));
            return 0;
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            if (!NameBuiltins.IsBuiltin(name) || (options.Has('s') && !s_special.Contains(name)))
            {
                status = await Builtin.ShellErrorAsync(i, $"{name}: not a shell builtin");
            }
            else if (options.Has('d'))
            {
                status = await Builtin.ShellErrorAsync(i, $"{name}: not dynamically loaded");
            }
            else
            {
                _ = turnsOff ? i.State.Options.Add(Mark + name) : i.State.Options.Remove(Mark + name);
            }
        }

        return status;
    }
}
