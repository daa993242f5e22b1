using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs simple commands: aliases, assignments, redirections, and then a function, a builtin or a program.</summary>
internal sealed class SimpleCommandRunner(ShellState state, Expander expander, ControlFlow flow, ProgramRunner programs, ICommandRunner commands)
{
    private readonly ControlBuiltins _control = new(state, flow, commands);
    private readonly Assignments _assignments = new(state, expander);

    public async Task RunAsync(SimpleCommand command, CancellationToken cancellation)
    {
        IReadOnlyList<string> raw = command.Words;
        if (raw.Count > 0 && state.Aliases.TryGetValue(raw[0], out string? alias))
        {
            raw = [.. alias.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. raw.Skip(1)];
        }

        List<string> words = Assignments.Declares(raw) ? [raw[0], .. await _assignments.DeclareAsync(raw, cancellation)] : await expander.WordsAsync(raw, cancellation);
        await using Redirections redirections = new(state, expander, commands.Streams);
        if (await redirections.ApplyAsync(command.Redirections, cancellation) is not { } streams)
        {
            state.Status = 1;
            return;
        }

        if (words.Count == 0)
        {
            state.Status = 0;
            foreach (string assignment in command.Assignments)
            {
                await _assignments.MakeAsync(assignment, cancellation);
            }

            return;
        }

        // Assignments before a command last as long as it runs.
        Dictionary<string, string?> before = new(StringComparer.Ordinal);
        foreach (string assignment in command.Assignments)
        {
            string name = Assignments.NameOf(assignment);
            before.TryAdd(name, state.Variables.GetValueOrDefault(name));
            await _assignments.MakeAsync(assignment, cancellation);
        }

        await CallAsync(words, streams, cancellation);
        foreach ((string name, string? value) in before)
        {
            if (value is null)
            {
                state.Variables.Remove(name);
            }
            else
            {
                state.Variables[name] = value;
            }
        }
    }

    /// <summary>Runs a command by its expanded words.</summary>
    public async Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation)
    {
        string name = words[0];
        string[] arguments = [.. words.Skip(1)];
        if (state.Functions.TryGetValue(name, out Command? function))
        {
            await CallFunctionAsync(function, arguments, streams, cancellation);
            return;
        }

        Invocation invocation = new(name, arguments, streams, state, commands, cancellation);
        if (await _control.TryRunAsync(invocation))
        {
            return;
        }

        if (Catalogue.Builtins.TryGetValue(name, out CommandBody? builtin))
        {
            await programs.RunBodyAsync(builtin, invocation);
            return;
        }

        await programs.RunAsync(invocation);
    }

    private async Task CallFunctionAsync(Command body, string[] arguments, ShellStreams streams, CancellationToken cancellation)
    {
        IReadOnlyList<string> before = state.Arguments;
        state.Arguments = arguments;
        state.Locals.Push([]);
        try
        {
            await commands.RunWithAsync(body, streams, cancellation);
        }
        finally
        {
            state.Arguments = before;
            foreach ((string name, (string? value, ShellArray? array)) in state.Locals.Pop())
            {
                state.Variables.Remove(name);
                state.Arrays.Remove(name);
                if (value is not null)
                {
                    state.Variables[name] = value;
                }

                if (array is not null)
                {
                    state.Arrays[name] = array;
                }
            }
        }

        flow.EndReturn();
    }
}
