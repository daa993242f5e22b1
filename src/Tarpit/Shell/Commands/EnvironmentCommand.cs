using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>env and printenv.</summary>
internal static class EnvironmentCommand
{
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
            await i.PrintAsync(string.Concat(state.Exported.Select(name => $"{name}={state.Get(name)}{end}")));
            return 0;
        }

        Interpreter shell = new(state, i.Streams);
        string? path = words[0].Contains('/', StringComparison.Ordinal) ? words[0] : i.Interpreter.FindProgram(words[0]);
        if (path is null)
        {
            await i.Streams.Error.WriteAsync($"env: ‘{words[0]}’: No such file or directory\n".ToBytes(), i.Cancellation);
            return 127;
        }

        await shell.CallProgramAsync(words[0], [.. words.Skip(1)], i.Streams, i.Cancellation);
        return state.Status;
    }

    private static async ValueTask<int> PrintAsync(Invocation i)
    {
        IReadOnlyList<string> names = i.Operands;
        if (names.Count == 0)
        {
            await i.PrintAsync(string.Concat(i.State.Exported.Select(name => $"{name}={i.State.Get(name)}\n")));
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

    private static string ToBytes(this string text) => Characters.ToBytes(text);
}
