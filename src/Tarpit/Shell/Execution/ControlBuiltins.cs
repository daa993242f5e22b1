using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Builtins that change the course of the shell itself: jumps, exec, eval and source.</summary>
internal sealed class ControlBuiltins(ShellState state, ControlFlow flow, ICommandRunner commands)
{
    private int _sourced;

    /// <summary>False: it is another command.</summary>
    public async ValueTask<bool> TryRunAsync(Invocation invocation)
    {
        int number = invocation.Arguments.Count > 0 && int.TryParse(invocation.Arguments[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int given) ? given : -1;
        switch (invocation.Name)
        {
            case "break":
                flow.Break(Math.Max(1, number));
                state.Status = 0;
                return true;
            case "continue":
                flow.Continue(Math.Max(1, number));
                state.Status = 0;
                return true;
            case "return" when state.Locals.Count == 0 && _sourced == 0:
                state.Status = 2;
                await invocation.Streams.Error.WriteAsync($"{state.Name}: line 1: return: can only `return' from a function or sourced script\n", invocation.Cancellation);
                return true;
            case "return":
                flow.Return();
                state.Status = number >= 0 ? number & 0xFF : state.Status;
                return true;
            case "exit" or "logout":
                flow.Exit();
                state.Status = invocation.Arguments.Count > 0 ? number & 0xFF : state.Status;
                return true;
            case "exec":
                if (invocation.Arguments.Count > 0)
                {
                    await commands.CallAsync(invocation.Arguments, invocation.Streams, invocation.Cancellation);
                    flow.Exit();
                }

                return true;
            case "eval":
                await EvaluateAsync(string.Join(' ', invocation.Arguments), invocation);
                return true;
            case "." or "source":
                await SourceAsync(invocation);
                return true;
            default:
                return false;
        }
    }

    private async ValueTask EvaluateAsync(string text, Invocation invocation)
    {
        state.Depth++;
        try
        {
            if (state.Depth < ShellState.MostNested)
            {
                await commands.RunTextWithAsync(text, invocation.Streams, invocation.Cancellation);
            }
        }
        finally
        {
            state.Depth--;
        }
    }

    private async ValueTask SourceAsync(Invocation invocation)
    {
        string file = invocation.Arguments.Count > 0 ? invocation.Arguments[0] : "";
        FileError error = state.Files.Read(state.Path(file), out byte[] content);
        if (error != FileError.None)
        {
            state.Status = 1;
            await invocation.Streams.Error.WriteAsync($"{state.Name}: {file}: {error.Text()}\n", invocation.Cancellation);
            return;
        }

        _sourced++;
        await EvaluateAsync(Encoding.Latin1.GetString(content), invocation);
        _sourced--;
        flow.EndReturn();
    }
}
