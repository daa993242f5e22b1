using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>bash, sh and dash as programs: -c, a script, standard input or a nested prompt.</summary>
internal static class ShellCommand
{
    private const string Version = "GNU bash, version 5.2.21(1)-release (x86_64-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\nThis is free software; you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n";

    private const string Shells = "Shell options:\n\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)\n\t-abefhkmnptuvxBCEHPT or -o option\n";
    private const string Where = "Type `bash -c \"help set\"' for more information about shell options.\nType `bash -c help' for more information about shell builtin commands.\nUse the `bashbug' command to report bugs.\n\nbash home page: <http://www.gnu.org/software/bash>\nGeneral help using GNU software: <http://www.gnu.org/gethelp/>\n";

    private static readonly string[] s_longOptions = ["debug", "debugger", "dump-po-strings", "dump-strings", "help", "init-file", "login", "noediting", "noprofile", "norc", "posix", "pretty-print", "rcfile", "restricted", "verbose", "version"];

    private static string Usage => $"Usage:\tbash [GNU long option] [option] ...\n\tbash [GNU long option] [option] script-file ...\nGNU long options:\n{string.Concat(s_longOptions.Select(option => $"\t--{option}\n"))}{Shells}";

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        ShellState state = i.State.CopyForProgram();
        state.Name = i.CalledAs ?? i.Name;
        state.IsDash = DashDialect.IsName(i.Name);
        _ = state.IsDash && state.Options.Remove("braceexpand");
        if (++state.Depth > ShellState.MostNested)
        {
            return 1;
        }

        bool isCommand = false, readsInput = false;
        int at = 0;
        for (; at < i.Arguments.Count && i.Arguments[at] is "-" or ['-' or '+', _, ..]; at++)
        {
            string option = i.Arguments[at];
            if (option is "--" or "-")
            {
                at++;
                break;
            }

            if (option is "--version")
            {
                await i.PrintAsync(Version);
                return 0;
            }

            if (option is "--help" && !state.IsDash)
            {
                await i.PrintAsync($"GNU bash, version 5.2.21(1)-release-(x86_64-pc-linux-gnu)\n{Usage}{Where}");
                return 0;
            }

            if (option is "--rcfile" or "--init-file")
            {
                at++;
                continue;
            }

            if (option.StartsWith("--", StringComparison.Ordinal))
            {
                if (!state.IsDash && !s_longOptions.Contains(option[2..], StringComparer.Ordinal))
                {
                    await i.Streams.Error.WriteAsync($"{i.Name}: {option}: invalid option\n{Usage}", i.Cancellation);
                    return 2;
                }

                if (option is "--posix")
                {
                    state.Options.Add("posix");
                }

                continue;
            }

            if (option[1..].FirstOrDefault(letter => Expansion.OptionNames.Find(letter) is null && letter is not ('c' or 's' or 'i' or 'l' or 'o' or 'O' or 'D' or 'r')) is not '\0' and var wrong)
            {
                await i.Streams.Error.WriteAsync($"{i.Name}: {option[0]}{wrong}: invalid option\n{(state.IsDash ? "" : Usage)}", i.Cancellation);
                return 2;
            }

            foreach (char letter in option[1..])
            {
                isCommand |= letter == 'c';
                readsInput |= letter == 's';
                string? name = letter is 'o' or 'O' && at + 1 < i.Arguments.Count ? i.Arguments[++at] : Expansion.OptionNames.Find(letter);
                if (name is not null && letter is not ('c' or 's' or 'i' or 'l' or '\0'))
                {
                    _ = option[0] == '-' ? state.Options.Add(name) : state.Options.Remove(name);
                }
            }
        }

        IReadOnlyList<string> operands = [.. i.Arguments.Skip(at)];
        Interpreter shell = SubshellRunner.Begin(state, i.Streams);
        using IDisposable process = JobProcess.Begin(state, i.Name.Split('/')[^1], i.Arguments);
        try
        {
            int status = 0;
            int ended = await ShellProcesses.RunAsync(state, i.Streams, async stop => status = await RunAsync(i with { Cancellation = stop }, state, shell, operands, isCommand, readsInput), i.Cancellation);
            return ended > 128 ? ended : status;
        }
        finally
        {
            shell.ReleaseStreams();
        }
    }

    private static async ValueTask<int> RunAsync(Invocation i, ShellState state, Interpreter shell, IReadOnlyList<string> operands, bool isCommand, bool readsInput)
    {
        if (isCommand)
        {
            if (operands.Count == 0)
            {
                await i.Streams.Error.WriteAsync($"{i.Name}: -c: option requires an argument\n", i.Cancellation);
                return 2;
            }

            state.Arguments = [.. operands.Skip(2)];
            state.Name = operands.Count > 1 ? operands[1] : state.Name;
            if (!state.IsDash)
            {
                state.Set("BASH_EXECUTION_STRING", operands[0]);
            }

            return await FinishAsync(shell, state, operands[0], "-c", i);
        }

        if (operands.Count > 0 && !readsInput)
        {
            return await RunFileAsync(i, state, shell, operands);
        }

        state.Arguments = operands;
        if (i.State.Io.Terminal is not null && i.Streams.Input.IsPeer)
        {
            return await i.State.Visit.NestedShellAsync(state, i.Cancellation, i.Arguments.Any(argument => argument is "-l" or "--login"), readsFiles: !i.Arguments.Contains("--norc", StringComparer.Ordinal));
        }

        // A shell that reads its commands reads no further than it must: "read" takes the lines behind.
        return await ReadCommandsAsync(shell, state, i);
    }

    private static async ValueTask<int> RunFileAsync(Invocation i, ShellState state, Interpreter shell, IReadOnlyList<string> operands)
    {
        string path = operands[0];
        FileError error = i.Read(path, out byte[] script);
        if (error == FileError.NotFound && !path.Contains('/', StringComparison.Ordinal) && shell.FindProgram(path) is { } found)
        {
            error = i.Read(found, out script);
        }

        if (error != FileError.None)
        {
            await i.Streams.Error.WriteAsync(state.IsDash ? $"{i.Name}: 0: cannot open {path}: {(error == FileError.NotFound ? "No such file" : error.Text())}\n" : $"{i.Name}: {path}: {error.Text()}\n", i.Cancellation);
            return state.IsDash ? 2 : error == FileError.NotFound ? 127 : 126;
        }

        if (script.AsSpan().StartsWith("\x7f"u8) || script.AsSpan(0, Math.Min(script.Length, 80)).Contains((byte)0))
        {
            await i.Streams.Error.WriteAsync(state.IsDash ? $"{path}: 1: Syntax error: word unexpected (expecting \")\")\n" : $"{path}: {path}: cannot execute binary file\n", i.Cancellation);
            return state.IsDash ? 2 : 126;
        }

        state.Name = path;
        state.IsScript = true;
        state.Arguments = [.. operands.Skip(1)];
        return await FinishAsync(shell, state, Encoding.Latin1.GetString(script), null, i);
    }

    private static async ValueTask<int> FinishAsync(Interpreter shell, ShellState state, string text, string? source, Invocation i)
    {
        await shell.RunTextAsync(text, i.Cancellation, source);
        await shell.EndAsync(i.Cancellation);
        return state.Status;
    }

    private static async ValueTask<int> ReadCommandsAsync(Interpreter shell, ShellState state, Invocation i)
    {
        const int longest = 1 << 20;
        state.Options.Add(Expansion.OptionNames.ReadsInput);
        StringBuilder text = new();
        int line = 1;
        while (!shell.HasExited && text.Length < longest && await i.Streams.Input.ReadLineAsync(i.Cancellation) is { } next)
        {
            text.Append(next).Append('\n');
            if (Syntax.Parser.IsComplete(text.ToString()))
            {
                await shell.RunTextAsync(text.ToString(), i.Cancellation, null, line);
                line += text.ToString().AsSpan().Count('\n');
                text.Clear();
            }
        }

        if (text.Length > 0 && !shell.HasExited)
        {
            await shell.RunTextAsync(text.ToString(), i.Cancellation, null, line);
        }

        await shell.EndAsync(i.Cancellation);
        return state.Status;
    }
}
