using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>env and printenv.</summary>
internal static class EnvironmentCommand
{
    private static readonly string[] s_order = ["SHELL", "PWD", "LOGNAME", "XDG_SESSION_TYPE", "MOTD_SHOWN", "HOME", "LANG", "LS_COLORS", "SSH_CONNECTION", "LESSCLOSE", "XDG_SESSION_CLASS", "TERM", "LESSOPEN", "USER", "SHLVL", "XDG_SESSION_ID", "LC_ALL", "XDG_RUNTIME_DIR", "SSH_CLIENT", "XDG_DATA_DIRS", "PATH", "DBUS_SESSION_BUS_ADDRESS", "SSH_TTY", "OLDPWD"];

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        if (i.Name.EndsWith("printenv", StringComparison.Ordinal))
        {
            return await PrintAsync(i);
        }

        List<string> words = [.. i.Arguments];
        List<string> unset = [];
        bool isEmpty = false, endsWithNull = false;
        string? folder = null;
        while (words is [['-', ..] option, ..])
        {
            words.RemoveAt(0);
            if (option is "--")
            {
                break;
            }

            isEmpty |= option is "-" or "-i" or "--ignore-environment";
            endsWithNull |= option is "-0" or "--null";
            if (option is "-u" or "-C" && words.Count > 0)
            {
                (unset, folder) = option is "-u" ? ([.. unset, words[0]], folder) : (unset, words[0]);
                words.RemoveAt(0);
            }
            else if (option.StartsWith("-u", StringComparison.Ordinal))
            {
                unset.Add(option[2..]);
            }
            else if (option.StartsWith("--unset=", StringComparison.Ordinal))
            {
                unset.Add(option[8..]);
            }
            else if (option is "-S" && words.Count > 0)
            {
                words = [.. words[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), .. words.Skip(1)];
            }
        }

        ShellState state = i.State.CopyForProgram();
        foreach (string name in isEmpty ? state.Exported.ToArray() : [.. unset])
        {
            state.Variables.Remove(name);
        }

        while (words.Count > 0 && words[0].IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
        {
            state.Export(words[0][..equals], words[0][(equals + 1)..]);
            words.RemoveAt(0);
        }

        state.Folder = folder is null ? state.Folder : state.Path(folder);
        if (words.Count == 0)
        {
            string end = endsWithNull ? "\0" : "\n";
            await i.PrintAsync(string.Concat(Ordered(state).Select(name => $"{name}={state.Get(name)}{end}")) + (isEmpty || !HasShell(i.State) ? "" : $"_=/usr/bin/env{end}"));
            return 0;
        }

        Interpreter shell = new(state, i.Streams);
        string? path = words[0].Contains('/', StringComparison.Ordinal) ? words[0] : i.Interpreter.FindProgram(words[0]);
        if (path is null)
        {
            await i.Streams.Error.WriteAsync($"env: ‘{words[0]}’: No such file or directory\n".ToBytes(), i.Cancellation);
            return 127;
        }

        // Without PATH a program is looked for where the C library looks.
        string called = state.Find("PATH") is null ? path : words[0];
        await shell.CallProgramAsync(called, [.. words.Skip(1)], i.Streams, i.Cancellation);
        return state.Status;
    }

    private static async ValueTask<int> PrintAsync(Invocation i)
    {
        IReadOnlyList<string> names = i.Operands;
        if (names.Count == 0)
        {
            await i.PrintAsync(string.Concat(Ordered(i.State).Select(name => $"{name}={i.State.Get(name)}\n")) + (HasShell(i.State) ? "_=/usr/bin/printenv\n" : ""));
            return 0;
        }

        int status = 0;
        HashSet<string> exported = new(i.State.Exported, StringComparer.Ordinal);
        foreach (string name in names)
        {
            status = exported.Contains(name) ? status : 1;
            await i.PrintAsync(exported.Contains(name) ? i.State.Get(name) + "\n" : "");
        }

        return status;
    }

    // Names in the order in which a login's bash keeps them; others stand before USER.
    private static IEnumerable<string> Ordered(ShellState state)
    {
        int others = Array.IndexOf(s_order, "USER");
        return state.Exported.Where(name => name is not "_").OrderBy(name => Array.IndexOf(s_order, name) is >= 0 and var at ? at * 2 : (others * 2) - 1);
    }

    // A shell tells what it starts the path of it in "_", and how deep it is itself.
    private static bool HasShell(ShellState state) => state.Exported.Contains("SHLVL", StringComparer.Ordinal);

    private static string ToBytes(this string text) => Characters.ToBytes(text);
}
