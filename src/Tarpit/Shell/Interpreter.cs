using System.Globalization;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell;

/// <summary>Runs shell text. Every step is paid from the budget; depth, output and memory are bounded.</summary>
internal sealed partial class Interpreter
{
    private const int Deepest = 60;
    private const int PipeSize = 4 << 20;

    private readonly ShellState _state;
    private readonly Expander _expander;
    private Jump _jump;
    private int _jumpLevels;

    public Interpreter(ShellState state, ShellStreams streams)
    {
        (_state, Streams) = (state, streams);
        _expander = new Expander(state, SubstituteAsync);
    }

    private enum Jump
    {
        None,
        Break,
        Continue,
        Return,
        Exit,
    }

    public ShellStreams Streams { get; private set; }

    public bool HasExited => _jump == Jump.Exit;

    public ShellState State => _state;

    /// <summary>False: more lines belong to it.</summary>
    public static bool IsComplete(string text)
    {
        try
        {
            Parser.Parse(text);
            return true;
        }
        catch (SyntaxException e)
        {
            return !e.IsIncomplete;
        }
    }

    public async Task RunTextAsync(string text, CancellationToken cancellation)
    {
        Command command;
        try
        {
            command = Parser.Parse(text);
        }
        catch (SyntaxException e)
        {
            _state.Status = 2;
            string where = _state.Io.Terminal is null ? string.Create(CultureInfo.InvariantCulture, $"line {text.AsSpan().TrimEnd('\n').Count('\n') + 1}: ") : "";
            await Streams.Error.WriteAsync($"{_state.Name}: {where}{e.Message}\n", cancellation);
            return;
        }

        await RunAsync(command, cancellation);
    }

    /// <summary>Runs one command with other streams.</summary>
    public async Task RunWithAsync(Command command, ShellStreams streams, CancellationToken cancellation)
    {
        ShellStreams before = Streams;
        Streams = streams;
        try
        {
            await RunAsync(command, cancellation);
        }
        finally
        {
            Streams = before;
        }
    }

    private async Task RunAsync(Command command, CancellationToken cancellation)
    {
        await _state.Budget.StepAsync(cancellation);
        if (++_state.Depth > Deepest)
        {
            _state.Depth--;
            _state.Status = 1;
            return;
        }

        try
        {
            await DispatchAsync(command, cancellation);
        }
        finally
        {
            _state.Depth--;
        }
    }

    private async Task DispatchAsync(Command command, CancellationToken cancellation)
    {
        switch (command)
        {
            case SimpleCommand simple:
                await RunSimpleAsync(simple, cancellation);
                break;
            case Sequence sequence:
                foreach ((Command part, bool inBackground) in sequence.Commands)
                {
                    await (inBackground ? RunInBackgroundAsync(part, cancellation) : RunAsync(part, cancellation));
                    if (_jump != Jump.None)
                    {
                        return;
                    }
                }

                break;
            case Conditional conditional:
                await RunAsync(conditional.Left, cancellation);
                if (_jump == Jump.None && _state.Status == 0 == conditional.IsAnd)
                {
                    await RunAsync(conditional.Right, cancellation);
                }

                break;
            case Pipeline pipeline:
                await RunPipelineAsync(pipeline, cancellation);
                break;
            case Choice choice:
                await RunChoiceAsync(choice, cancellation);
                break;
            case Loop loop:
                await RunLoopAsync(loop, cancellation);
                break;
            case Iteration iteration:
                await RunIterationAsync(iteration, cancellation);
                break;
            case Selection selection:
                await RunSelectionAsync(selection, cancellation);
                break;
            case Group { IsSubshell: true } group:
                await RunSubshellAsync(group.Body, Streams, cancellation);
                break;
            case Group group:
                await RunAsync(group.Body, cancellation);
                break;
            case Redirected redirected:
                await RunRedirectedAsync(redirected, cancellation);
                break;
            case Function function:
                _state.Functions[function.Name] = function.Body;
                _state.Status = 0;
                break;
            case Arithmetic arithmetic:
                _state.Status = Calculator.Evaluate(await _expander.TextAsync($"\"{arithmetic.Expression}\"", cancellation), _state) == 0 ? 1 : 0;
                break;
            case Test test:
                List<string> words = [];
                foreach (string word in test.Words)
                {
                    words.Add(word is "&&" or "||" or "(" or ")" or "!" or "<" or ">" ? word : await _expander.TextAsync(word, cancellation));
                }

                _state.Status = new Condition(words, _state, isExtended: true).Evaluate();
                break;
        }
    }

    // Its output comes at once: nothing here takes long enough to be worth a second task.
    private async Task RunInBackgroundAsync(Command command, CancellationToken cancellation)
    {
        int process = _state.Visit.ShellProcess + _state.Visit.Memory.NextProcess();
        _state.Variables["!"] = process.ToString(CultureInfo.InvariantCulture);
        if (_state.Io.Terminal is not null)
        {
            await Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"[1] {process}\n"), cancellation);
        }

        await RunSubshellAsync(command, Streams with { Input = ShellInput.Empty }, cancellation);
        _state.Status = 0;
    }

    private async Task RunPipelineAsync(Pipeline pipeline, CancellationToken cancellation)
    {
        ShellInput input = Streams.Input;
        for (int i = 0; i < pipeline.Stages.Count; i++)
        {
            if (i == pipeline.Stages.Count - 1)
            {
                // The last one runs in a subshell too, as bash has it.
                await (pipeline.Stages.Count == 1 ? RunAsync(pipeline.Stages[i], cancellation) : RunSubshellAsync(pipeline.Stages[i], Streams with { Input = input }, cancellation));
                break;
            }

            BufferOutput pipe = new(PipeSize);
            await RunSubshellAsync(pipeline.Stages[i], Streams with { Input = input, Output = pipe }, cancellation);
            input = ShellInput.From(pipe.ToArray());
        }

        if (pipeline.IsNegated)
        {
            _state.Status = _state.Status == 0 ? 1 : 0;
        }
    }

    private async Task RunSubshellAsync(Command command, ShellStreams streams, CancellationToken cancellation)
    {
        ShellState copy = _state.Copy();
        Interpreter inner = new(copy, streams);
        try
        {
            await inner.RunAsync(command, cancellation);
            _state.Status = copy.Status;
        }
        catch (BrokenPipeException)
        {
            _state.Status = 141;
        }
    }

    private async ValueTask<string> SubstituteAsync(string text, CancellationToken cancellation)
    {
        const int largest = 1 << 20;
        if (++_state.Depth > Deepest)
        {
            _state.Depth--;
            return "";
        }

        BufferOutput output = new(largest);
        try
        {
            Command command = Parser.Parse(text.Length > 1 && text[0] == '<' && text[1] != '<' ? "cat " + text : text);
            await RunSubshellAsync(command, Streams with { Output = output }, cancellation);
        }
        catch (SyntaxException e)
        {
            _state.Status = 2;
            await Streams.Error.WriteAsync($"{_state.Name}: command substitution: {e.Message}\n", cancellation);
        }
        finally
        {
            _state.Depth--;
        }

        return output.Text.TrimEnd('\n').Replace("\0", "", StringComparison.Ordinal);
    }

    private async Task RunChoiceAsync(Choice choice, CancellationToken cancellation)
    {
        foreach ((Command condition, Command body) in choice.Branches)
        {
            await RunAsync(condition, cancellation);
            if (_jump != Jump.None)
            {
                return;
            }

            if (_state.Status == 0)
            {
                await RunAsync(body, cancellation);
                return;
            }
        }

        _state.Status = 0;
        if (choice.Otherwise is { } otherwise)
        {
            await RunAsync(otherwise, cancellation);
        }
    }

    private async Task RunLoopAsync(Loop loop, CancellationToken cancellation)
    {
        int status = 0;
        while (true)
        {
            await RunAsync(loop.Condition, cancellation);
            if (_jump != Jump.None || _state.Status == 0 == loop.IsUntil)
            {
                break;
            }

            await RunAsync(loop.Body, cancellation);
            status = _state.Status;
            if (EndsLoop())
            {
                break;
            }
        }

        _state.Status = status;
    }

    private async Task RunIterationAsync(Iteration iteration, CancellationToken cancellation)
    {
        IReadOnlyList<string> words = iteration.Words is { } given ? await _expander.WordsAsync(given, cancellation) : _state.Arguments;
        _state.Status = 0;
        foreach (string word in words)
        {
            _state.Set(iteration.Variable, word);
            await RunAsync(iteration.Body, cancellation);
            if (EndsLoop())
            {
                break;
            }
        }
    }

    // Whether a jump leaves this loop; counts the loops that break and continue were told to leave.
    private bool EndsLoop()
    {
        if (_jump is not (Jump.Break or Jump.Continue))
        {
            return _jump != Jump.None;
        }

        if (--_jumpLevels > 0)
        {
            return true;
        }

        bool ends = _jump == Jump.Break;
        _jump = Jump.None;
        return ends;
    }

    private async Task RunSelectionAsync(Selection selection, CancellationToken cancellation)
    {
        string word = await _expander.TextAsync(selection.Word, cancellation);
        _state.Status = 0;
        foreach ((IReadOnlyList<string> patterns, Command body) in selection.Cases)
        {
            foreach (string pattern in patterns)
            {
                if (Globs.IsMatch(await _expander.PatternAsync(pattern, cancellation), word))
                {
                    await RunAsync(body, cancellation);
                    return;
                }
            }
        }
    }

    private async Task RunRedirectedAsync(Redirected redirected, CancellationToken cancellation)
    {
        await using Redirections redirections = new(_state, _expander, Streams);
        if (await redirections.ApplyAsync(redirected.Redirections, cancellation) is { } streams)
        {
            await RunWithAsync(redirected.Body, streams, cancellation);
        }
        else
        {
            _state.Status = 1;
        }
    }
}
