using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Builtins that change the course of the shell itself: jumps, exec, eval, source, wait and kill.</summary>
internal sealed class ControlBuiltins(ShellState state, ControlFlow flow, ICommandRunner commands)
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "break", "continue", "return", "exit", "logout", "exec", "eval", ".", "source" };

    public static bool IsName(string name) => Names.Contains(name);

    /// <summary>False: it is another command.</summary>
    public async ValueTask<bool> TryRunAsync(Invocation invocation)
    {
        switch (invocation.Name)
        {
            case "break" or "continue":
                await JumpAsync(invocation);
                return true;
            case "return":
                await ReturnAsync(invocation);
                return true;
            case "exit" or "logout":
                await ExitAsync(invocation);
                return true;
            case "exec":
                await ExecuteAsync(invocation);
                return true;
            case "eval":
                IReadOnlyList<string> texts = invocation.Arguments is ["--", ..] ? [.. invocation.Arguments.Skip(1)] : invocation.Arguments;
                if (invocation.Arguments is [['-', not '-', ..] option, ..])
                {
                    state.Status = await Builtin.InvalidOptionAsync(invocation, option.Length > 1 ? option[..2] : option, "eval [arg ...]");
                    return true;
                }

                state.Status = 0;
                await EvaluateAsync(string.Join(' ', texts), "eval", state.Line, invocation);
                return true;
            case "." or "source":
                await SourceAsync(invocation);
                return true;
            default:
                return false;
        }
    }

    private async ValueTask JumpAsync(Invocation invocation)
    {
        state.Status = 0;
        string text = invocation.Arguments.FirstOrDefault(argument => argument is not "--") ?? "1";
        if (flow.Loops == 0)
        {
            await Builtin.ShellErrorAsync(invocation, "only meaningful in a `for', `while', or `until' loop");
        }
        else if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int loops))
        {
            state.Status = await Builtin.ShellErrorAsync(invocation, $"{text}: numeric argument required", 128);
            flow.Exit();
        }
        else if (invocation.Arguments.Count(argument => argument is not "--") > 1)
        {
            throw new ShellErrorException($"{invocation.Name}: too many arguments", state.IsInteractive || state.IsScript ? null : 1);
        }
        else if (loops < 1)
        {
            state.Status = await Builtin.ShellErrorAsync(invocation, $"{text}: loop count out of range");
            flow.Break(int.MaxValue);
        }
        else if (invocation.Name is "break")
        {
            flow.Break(loops);
        }
        else
        {
            flow.Continue(loops);
        }
    }

    private async ValueTask ReturnAsync(Invocation invocation)
    {
        string? text = invocation.Arguments.FirstOrDefault(argument => argument is not "--");
        if (state.Calls.Count == 0)
        {
            state.Status = await Builtin.ShellErrorAsync(invocation, "can only `return' from a function or sourced script", 2);
            return;
        }

        if (text is not null)
        {
            state.Status = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? (int)(number & 0xFF) : await Builtin.ShellErrorAsync(invocation, $"{text}: numeric argument required", 2);
        }
        else if (state.Traps.Running is { Signal: not Traps.Debug } trap)
        {
            state.Status = trap.Status;
        }

        flow.Return();
    }

    private async ValueTask ExitAsync(Invocation invocation)
    {
        string? text = invocation.Arguments.FirstOrDefault(argument => argument is not "--");
        if (state.IsInteractive && !state.IsDash && state.Subshells == 0)
        {
            bool isLogin = state.Has("login_shell");
            if (invocation.Name is "logout" && !isLogin)
            {
                state.Status = await Builtin.ShellErrorAsync(invocation, "not login shell: use `exit'");
                return;
            }

            await invocation.Streams.Error.WriteAsync(isLogin ? "logout\n" : "exit\n", invocation.Cancellation);
            if (state.Jobs.HasStopped && state.Jobs.WarnedAt < state.CommandNumber - 1)
            {
                state.Jobs.WarnedAt = state.CommandNumber;
                await invocation.Streams.Error.WriteAsync("There are stopped jobs.\n", invocation.Cancellation);
                state.Status = 1;
                return;
            }
        }

        if (text is not null)
        {
            state.Status = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? (int)(number & 0xFF) : await Builtin.ShellErrorAsync(invocation, $"{text}: numeric argument required", 2);
            if (invocation.Arguments.Count(argument => argument is not "--") > 1 && state.Status != 2)
            {
                state.Status = await Builtin.ShellErrorAsync(invocation, "too many arguments");
                return;
            }
        }

        else if (state.Traps.Running is { Signal: 0 } trap)
        {
            state.Status = trap.Status;
        }

        flow.Exit();
    }

    private async ValueTask ExecuteAsync(Invocation invocation)
    {
        List<string> words = [.. invocation.Arguments];
        OptionParsing options = new(words, "cla:");
        if (options.Error is { } error)
        {
            state.Status = await Builtin.InvalidOptionAsync(invocation, error, "exec [-cl] [-a name] [command [argument ...]] [redirection ...]");
            return;
        }

        string? called = options.Value('a');
        words = [.. options.Operands];

        if (words.Count == 0)
        {
            return;
        }

        if (!words[0].Contains('/', StringComparison.Ordinal) && commands.FindProgram(words[0]) is null)
        {
            state.Status = await Builtin.ShellErrorAsync(invocation, $"{words[0]}: not found", 127);
            if (!state.Has("execfail") && !state.IsInteractive)
            {
                flow.Exit();
            }

            return;
        }

        if (words[0].Contains('/', StringComparison.Ordinal) && state.Files.Find(state.Path(words[0])) is null)
        {
            words[0] = state.Path(words[0]);
        }

        called = options.Has('l') ? "-" + (called ?? words[0]) : called;
        foreach (Variable variable in state.Variables.All.Where(_ => options.Has('c')).Select(pair => pair.Value))
        {
            variable.IsExported = false;
        }

        state.Traps.Set(0, null);
        state.IsReplaced = true;
        await ((Interpreter)commands).CallProgramAsync(words[0], words[1..], invocation.Streams, invocation.Cancellation, called);
        flow.Exit();
    }

    private async ValueTask EvaluateAsync(string text, string? source, int line, Invocation invocation)
    {
        state.TraceDepth++;
        if (++state.Depth < ShellState.MostNested)
        {
            await commands.RunTextWithAsync(text, source, line, invocation.Streams, invocation.Cancellation);
        }

        state.Depth--;
        state.TraceDepth--;
    }

    private async ValueTask SourceAsync(Invocation invocation)
    {
        IReadOnlyList<string> arguments = invocation.Arguments is ["--", ..] ? [.. invocation.Arguments.Skip(1)] : invocation.Arguments;
        if (invocation.Arguments is [['-', not '-', ..] option, ..])
        {
            state.Status = await Builtin.InvalidOptionAsync(invocation, option[..2], $"{invocation.Name} filename [arguments]");
            return;
        }

        if (arguments.Count == 0)
        {
            state.Status = await Builtin.ShellErrorAsync(invocation, "filename argument required", 2);
            await invocation.Streams.Error.WriteAsync($"{invocation.Name}: usage: {invocation.Name} filename [arguments]\n", invocation.Cancellation);
            return;
        }

        string file = arguments[0];
        state.OpenFiles.Flush(state.Log);
        string path = file.Contains('/', StringComparison.Ordinal) || !state.Has("sourcepath") ? state.Path(file) : ProgramRunner.Search(state, file).FirstOrDefault() ?? state.Path(file);
        FileError error = state.Files.Read(path, out byte[] content);
        if (file is "/dev/stdin" or "/dev/fd/0")
        {
            (error, content) = (FileError.None, await invocation.Streams.Input.ReadAllAsync(invocation.Cancellation));
        }

        if (error != FileError.None)
        {
            state.Status = 1;
            await invocation.Streams.Error.WriteAsync($"{state.Where}{file}: {error.Text().Replace("Is a directory", "is a directory", StringComparison.Ordinal)}\n", invocation.Cancellation);
            return;
        }

        (IReadOnlyList<string> before, int line, string name) = (state.Arguments, state.Line, state.Name);
        state.Arguments = arguments.Count > 1 ? [.. arguments.Skip(1)] : before;
        CallFrame frame = new("source", line, IsFile: true, file);
        state.Calls.Add(frame);
        state.Status = 0;
        try
        {
            await EvaluateAsync(Encoding.Latin1.GetString(content), null, 1, invocation);
        }
        finally
        {
            state.Calls.RemoveAt(state.Calls.Count - 1);
            // What "set" made of them stays, outside of functions.
            bool keeps = arguments.Count < 2 || (frame.SetsArguments && !state.Calls.Exists(call => !call.IsFile));
            state.Arguments = keeps ? state.Arguments : before;
            if (arguments.Count < 2 && state.Calls is [.., var outer])
            {
                outer.SetsArguments |= frame.SetsArguments;
            }

            (state.Line, state.Name) = (line, name);
        }

        flow.EndReturn();
        if (!flow.IsJumping)
        {
            await commands.RunTrapAsync(Traps.Return, invocation.Cancellation);
        }
    }
}
