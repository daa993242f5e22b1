using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs compound commands: conditions, loops, cases, groups, arithmetic and tests.</summary>
internal sealed class CompoundRunner(ShellState state, Expander expander, ControlFlow flow, ICommandRunner commands)
{
    public async Task RunAsync(Command command, CancellationToken cancellation)
    {
        switch (command)
        {
            case Conditional conditional:
                await commands.RunAsync(conditional.Left, cancellation);
                if (!flow.IsJumping && state.Status == 0 == conditional.IsAnd)
                {
                    await commands.RunAsync(conditional.Right, cancellation);
                }

                break;
            case Choice choice:
                await RunChoiceAsync(choice, cancellation);
                break;
            case Loop loop:
                await RunLoopAsync(loop, cancellation);
                break;
            case Counting counting:
                await RunCountingAsync(counting, cancellation);
                break;
            case Iteration iteration:
                await RunIterationAsync(iteration, cancellation);
                break;
            case Selection selection:
                await RunSelectionAsync(selection, cancellation);
                break;
            case Group group:
                await commands.RunAsync(group.Body, cancellation);
                break;
            case Redirected redirected:
                await RunRedirectedAsync(redirected, cancellation);
                break;
            case Function function:
                state.Functions[function.Name] = function.Body;
                state.Status = 0;
                break;
            case Arithmetic arithmetic:
                state.Status = Calculator.Evaluate(await expander.TextAsync($"\"{arithmetic.Expression}\"", cancellation), state) == 0 ? 1 : 0;
                break;
            case Test test:
                state.Status = new Condition(await ExpandTestAsync(test, cancellation), state, isExtended: true).Evaluate();
                break;
        }
    }

    private async Task RunChoiceAsync(Choice choice, CancellationToken cancellation)
    {
        foreach ((Command condition, Command body) in choice.Branches)
        {
            await commands.RunAsync(condition, cancellation);
            if (flow.IsJumping)
            {
                return;
            }

            if (state.Status == 0)
            {
                await commands.RunAsync(body, cancellation);
                return;
            }
        }

        state.Status = 0;
        if (choice.Otherwise is { } otherwise)
        {
            await commands.RunAsync(otherwise, cancellation);
        }
    }

    private async Task RunLoopAsync(Loop loop, CancellationToken cancellation)
    {
        int status = 0;
        while (true)
        {
            await commands.RunAsync(loop.Condition, cancellation);
            if (flow.IsJumping || state.Status == 0 == loop.IsUntil)
            {
                break;
            }

            await commands.RunAsync(loop.Body, cancellation);
            status = state.Status;
            if (flow.EndsLoop())
            {
                break;
            }
        }

        state.Status = status;
    }

    private async Task RunIterationAsync(Iteration iteration, CancellationToken cancellation)
    {
        IReadOnlyList<string> words = iteration.Words is { } given ? await expander.WordsAsync(given, cancellation) : state.Arguments;
        state.Status = 0;
        foreach (string word in words)
        {
            state.Set(iteration.Variable, word);
            await commands.RunAsync(iteration.Body, cancellation);
            if (flow.EndsLoop())
            {
                break;
            }
        }
    }

    private async Task RunSelectionAsync(Selection selection, CancellationToken cancellation)
    {
        string word = await expander.TextAsync(selection.Word, cancellation);
        state.Status = 0;
        bool falls = false;
        foreach ((IReadOnlyList<string> patterns, Command body, string end) in selection.Cases)
        {
            if (!falls && !await FitsAsync(patterns, word, cancellation))
            {
                continue;
            }

            await commands.RunAsync(body, cancellation);
            if (end is ";;" || flow.IsJumping)
            {
                return;
            }

            falls = end is ";&";
        }
    }

    private async ValueTask<bool> FitsAsync(IReadOnlyList<string> patterns, string word, CancellationToken cancellation)
    {
        foreach (string pattern in patterns)
        {
            if (Globs.IsMatch(await expander.PatternAsync(pattern, cancellation), word))
            {
                return true;
            }
        }

        return false;
    }

    private async Task RunCountingAsync(Counting counting, CancellationToken cancellation)
    {
        await ComputeAsync(counting.Before, cancellation);
        int status = 0;
        while (counting.Condition.Trim().Length == 0 || await ComputeAsync(counting.Condition, cancellation) != 0)
        {
            await commands.RunAsync(counting.Body, cancellation);
            status = state.Status;
            if (flow.EndsLoop())
            {
                break;
            }

            await ComputeAsync(counting.After, cancellation);
        }

        state.Status = status;
    }

    private async ValueTask<long> ComputeAsync(string expression, CancellationToken cancellation) =>
        expression.Trim().Length == 0 ? 0 : Calculator.Evaluate(await expander.TextAsync($"\"{expression.Replace("\"", "", StringComparison.Ordinal)}\"", cancellation), state);

    private async Task RunRedirectedAsync(Redirected redirected, CancellationToken cancellation)
    {
        await using Redirections redirections = new(state, expander, commands.Streams);
        if (await redirections.ApplyAsync(redirected.Redirections, cancellation) is { } streams)
        {
            await commands.RunWithAsync(redirected.Body, streams, cancellation);
        }
        else
        {
            state.Status = 1;
        }
    }

    private async ValueTask<List<string>> ExpandTestAsync(Test test, CancellationToken cancellation)
    {
        List<string> words = [];
        foreach (string word in test.Words)
        {
            // On the right of "==" stands a pattern: what is quoted in it is not special.
            words.Add(word is "&&" or "||" or "(" or ")" or "!" or "<" or ">" ? word
                : words.Count > 0 && words[^1] is "==" or "!=" or "=" ? await expander.PatternAsync(word, cancellation)
                : await expander.TextAsync(word, cancellation));
        }

        return words;
    }
}
