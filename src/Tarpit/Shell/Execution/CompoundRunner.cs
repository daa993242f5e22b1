using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs compound commands: conditions, loops, cases, groups, arithmetic and tests.</summary>
internal sealed class CompoundRunner(ShellState state, Expander expander, ControlFlow flow, ICommandRunner commands)
{
    private readonly Tracer _tracer = new(state, expander, commands);
    private readonly TestEvaluator _tests = new(state, expander, new Tracer(state, expander, commands), commands);

    public async Task RunAsync(Command command, CancellationToken cancellation)
    {
        switch (command)
        {
            case Conditional conditional:
                await RunConditionalAsync(conditional, cancellation);
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
            case Iteration { IsMenu: true } menu:
                await RunMenuAsync(menu, cancellation);
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
                state.Reserve(function.Source.Length * ShellState.BytesPerParsedCharacter / sizeof(char));
                state.Functions[function.Name] = function with { File = state.Calls.Count > 0 ? state.SourceName : state.IsScript ? state.Name : state.IsInteractive ? "main" : "environment" };
                state.Status = 0;
                break;
            case Arithmetic arithmetic:
                if (await BeginAsync(command, cancellation))
                {
                    await RunArithmeticAsync(arithmetic, cancellation);
                }

                break;
            case Test test when await BeginAsync(test, cancellation):
                state.Status = await _tests.EvaluateAsync(test.Expression, cancellation);
                state.PipeStatus = [state.Status];
                break;
        }
    }

    // Its line, and the DEBUG trap; false: that one left.
    private async ValueTask<bool> BeginAsync(Command command, CancellationToken cancellation)
    {
        state.Line = command.Line;
        if (state.Traps.Get(Traps.Debug) is { Length: > 0 })
        {
            await commands.RunTrapAsync(Traps.Debug, cancellation);
        }

        return !flow.IsJumping;
    }

    /// <summary>Runs a command whose failure is looked at, so that -e and ERR do not apply.</summary>
    private async Task CheckAsync(Command command, CancellationToken cancellation)
    {
        state.IgnoresErrors++;
        try
        {
            await commands.RunAsync(command, cancellation);
        }
        finally
        {
            state.IgnoresErrors--;
        }
    }

    private async Task RunConditionalAsync(Conditional conditional, CancellationToken cancellation)
    {
        await CheckAsync(conditional.Left, cancellation);
        if (!flow.IsJumping && state.Status == 0 == conditional.IsAnd)
        {
            await commands.RunAsync(conditional.Right, cancellation);
        }
    }

    private async Task RunArithmeticAsync(Arithmetic arithmetic, CancellationToken cancellation)
    {
        try
        {
            string expression = await expander.DocumentAsync(arithmetic.Expression, cancellation);
            await _tracer.WriteAsync($"(( {expression} ))", cancellation);
            state.Status = Calculator.Evaluate(expression, state) == 0 ? 1 : 0;
        }
        catch (ShellErrorException e) when (e.Exits is null && !e.IsSubscript)
        {
            await commands.Streams.Error.WriteAsync($"{state.Where}{(e.IsReadOnly ? "" : "((: ")}{e.Message}\n", cancellation);
            state.Status = 1;
        }

        state.PipeStatus = [state.Status];
    }

    private async Task RunChoiceAsync(Choice choice, CancellationToken cancellation)
    {
        foreach ((Command condition, Command body) in choice.Branches)
        {
            await CheckAsync(condition, cancellation);
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

        if (choice.Otherwise is { } otherwise)
        {
            await commands.RunAsync(otherwise, cancellation);
        }
        else
        {
            state.Status = 0;
        }
    }

    private async Task RunLoopAsync(Loop loop, CancellationToken cancellation)
    {
        int status = 0;
        flow.EnterLoop();
        try
        {
            while (true)
            {
                await CheckAsync(loop.Condition, cancellation);
                if (flow.IsJumping)
                {
                    // A jump in the condition ends this loop if its status does.
                    if (flow.EndsLoop() || state.Status == 0 == loop.IsUntil)
                    {
                        status = flow.IsJumping ? state.Status : status;
                        break;
                    }

                    continue;
                }

                if (state.Status == 0 == loop.IsUntil)
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
        }
        finally
        {
            flow.LeaveLoop();
        }

        state.Status = status;
    }

    private async Task RunIterationAsync(Iteration iteration, CancellationToken cancellation)
    {
        state.Line = iteration.Line;
        IReadOnlyList<string> words = iteration.Words is { } given ? await expander.WordsAsync(given, cancellation) : state.Arguments;
        if (ParameterReader.NameEnd(iteration.Variable, 0) != iteration.Variable.Length)
        {
            await commands.Streams.Error.WriteAsync($"{state.Where}`{iteration.Variable}': not a valid identifier\n", cancellation);
            state.Status = 1;
            return;
        }

        state.Status = 0;
        flow.EnterLoop();
        try
        {
            foreach (string word in words)
            {
                if (state.Variables.FindItself(iteration.Variable) is { IsReference: true } reference)
                {
                    reference.Value = word;
                }
                else
                {
                    state.Set(iteration.Variable, word);
                }

                if (await BeginAsync(iteration, cancellation))
                {
                    await commands.RunAsync(iteration.Body, cancellation);
                }

                if (flow.EndsLoop())
                {
                    break;
                }
            }
        }
        catch (ShellErrorException e) when (e is { IsReadOnly: true, Exits: null, IsTold: false })
        {
            await commands.Streams.Error.WriteAsync($"{state.Where}{e.Message}\n", cancellation);
            state.Status = 1;
        }
        finally
        {
            flow.LeaveLoop();
        }
    }

    private async Task RunMenuAsync(Iteration menu, CancellationToken cancellation)
    {
        IReadOnlyList<string> words = menu.Words is { } given ? await expander.WordsAsync(given, cancellation) : state.Arguments;
        if (ParameterReader.NameEnd(menu.Variable, 0) != menu.Variable.Length)
        {
            await commands.Streams.Error.WriteAsync($"{state.Where}`{menu.Variable}': not a valid identifier\n", cancellation);
            state.Status = 1;
            return;
        }

        if (words.Count == 0)
        {
            return;
        }

        bool shows = true;
        flow.EnterLoop();
        try
        {
            while (true)
            {
                await commands.Streams.Error.WriteAsync((shows ? Menu(words) : "") + (state.Find("PS3") ?? "#? "), cancellation);
                if (await commands.Streams.Input.ReadLineAsync(cancellation) is not { } line)
                {
                    await commands.Streams.Output.WriteAsync("\n", cancellation);
                    state.Status = 1;
                    return;
                }

                shows = line.Length == 0;
                if (shows)
                {
                    continue;
                }

                state.Set("REPLY", line);
                state.Set(menu.Variable, int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= words.Count ? words[number - 1] : "");
                await commands.RunAsync(menu.Body, cancellation);
                if (flow.EndsLoop())
                {
                    return;
                }
            }
        }
        finally
        {
            flow.LeaveLoop();
        }
    }

    private static string Menu(IReadOnlyList<string> words)
    {
        StringBuilder text = new();
        int width = words.Count.ToString(CultureInfo.InvariantCulture).Length;
        for (int i = 0; i < words.Count; i++)
        {
            text.Append((i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width)).Append(") ").Append(words[i]).Append('\n');
        }

        return text.ToString();
    }

    private async Task RunSelectionAsync(Selection selection, CancellationToken cancellation)
    {
        if (!await BeginAsync(selection, cancellation))
        {
            return;
        }

        string word = await expander.TextAsync(selection.Word, cancellation);
        bool falls = false, fits = false;
        foreach ((IReadOnlyList<Word> patterns, Command body, string end) in selection.Cases)
        {
            if (!falls && !await FitsAsync(patterns, word, cancellation))
            {
                continue;
            }

            fits = true;
            if (body is Sequence { Commands.Count: 0 })
            {
                state.Status = 0;
            }

            await commands.RunAsync(body, cancellation);
            if (end is ";;" || flow.IsJumping)
            {
                return;
            }

            falls = end is ";&";
        }

        state.Status = fits ? state.Status : 0;
    }

    private async ValueTask<bool> FitsAsync(IReadOnlyList<Word> patterns, string word, CancellationToken cancellation)
    {
        foreach (Word pattern in patterns)
        {
            if (Globs.IsMatch(await expander.PatternAsync(pattern, cancellation), word, state.Has("nocasematch")))
            {
                return true;
            }
        }

        return false;
    }

    private async Task RunCountingAsync(Counting counting, CancellationToken cancellation)
    {
        state.Line = counting.Line;
        int status = 0;
        flow.EnterLoop();
        try
        {
            await ComputeAsync(counting, counting.Before, cancellation);
            while (!flow.IsJumping && (await ComputeAsync(counting, counting.Condition, cancellation) != 0 || string.IsNullOrWhiteSpace(counting.Condition.Text)) && !flow.IsJumping)
            {
                await commands.RunAsync(counting.Body, cancellation);
                status = state.Status;
                if (flow.EndsLoop())
                {
                    break;
                }

                await ComputeAsync(counting, counting.After, cancellation);
            }
        }
        catch (ShellErrorException e) when (e.Exits is null && !e.IsTold && !e.IsSubscript)
        {
            await commands.Streams.Error.WriteAsync($"{state.Where}((: {e.Message}\n", cancellation);
            status = 1;
        }
        finally
        {
            flow.LeaveLoop();
        }

        state.Status = status;
    }

    private async ValueTask<long> ComputeAsync(Counting counting, Word expression, CancellationToken cancellation) =>
        await BeginAsync(counting, cancellation) ? Calculator.Evaluate((await expander.DocumentAsync(expression, cancellation)).Replace("'", "", StringComparison.Ordinal), state) : 0;

    private async Task RunRedirectedAsync(Redirected redirected, CancellationToken cancellation)
    {
        state.Line = redirected.Line;
        Redirections redirections = new(state, expander, commands);
        if (await redirections.ApplyAsync(redirected.Redirections, cancellation) is not { } streams)
        {
            state.Status = 1;
            flow.HasFailed = true;
            return;
        }

        try
        {
            await commands.RunWithAsync(redirected.Body, streams, cancellation);
        }
        finally
        {
            redirections.Close();
        }
    }
}
