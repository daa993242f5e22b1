using System.Globalization;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs shell text. Each step is charged to the budget; depth, output and memory are bounded.</summary>
internal sealed class Interpreter : ICommandRunner
{
    private readonly ShellState _state;
    private readonly ControlFlow _flow = new();
    private readonly SubshellRunner _subshells;
    private readonly CompoundRunner _compounds;
    private readonly ProgramRunner _programs;
    private readonly SimpleCommandRunner _simple;

    public Interpreter(ShellState state, ShellStreams streams)
    {
        (_state, Streams) = (state, streams);
        _subshells = new SubshellRunner(state, this);
        Expander expander = new(state, _subshells.SubstituteAsync);
        _compounds = new CompoundRunner(state, expander, _flow, this);
        _programs = new ProgramRunner(state);
        _simple = new SimpleCommandRunner(state, expander, _flow, _programs, this);
    }

    public ShellStreams Streams { get; private set; }

    public bool HasExited => _flow.HasExited;

    /// <summary>False: the command continues on the next line.</summary>
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
        // A line is run before the next one is read: an error in a later one takes back nothing.
        Parser parser = Parser.Open(text);
        while (!_flow.IsJumping)
        {
            Command? line;
            try
            {
                line = parser.ParseLine();
            }
            catch (SyntaxException e)
            {
                _state.Status = 2;
                string where = _state.Io.Terminal is null ? string.Create(CultureInfo.InvariantCulture, $"line {text.AsSpan().TrimEnd('\n').Count('\n') + 1}: ") : "";
                await Streams.Error.WriteAsync($"{_state.Name}: {where}{e.Message}\n", cancellation);
                return;
            }

            if (line is null)
            {
                return;
            }

            await RunAsync(line, cancellation);
        }
    }

    /// <summary>The shell ends: what was set with trap ... EXIT runs, and leaves the status as it was unless it exits itself.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_state.ExitTrap is not { } trap)
        {
            return;
        }

        _state.ExitTrap = null;
        int status = _state.Status;
        _flow.EndExit();
        await RunTextAsync(trap, cancellation);
        _state.Status = _flow.HasExited ? _state.Status : status;
    }

    public async Task RunTextWithAsync(string text, ShellStreams streams, CancellationToken cancellation)
    {
        ShellStreams before = Streams;
        Streams = streams;
        try
        {
            await RunTextAsync(text, cancellation);
        }
        finally
        {
            Streams = before;
        }
    }

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

    public async Task RunAsync(Command command, CancellationToken cancellation)
    {
        await _state.Budget.StepAsync(cancellation);
        if (++_state.Depth > ShellState.MostNested)
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

    /// <summary>A command that another one runs (exec, command, sudo, ...): each is a level deeper, so that a chain of them cannot use up the stack.</summary>
    public async Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation)
    {
        if (++_state.Depth > ShellState.MostNested)
        {
            _state.Depth--;
            _state.Status = 1;
            return;
        }

        try
        {
            await _simple.CallAsync(words, streams, cancellation);
        }
        finally
        {
            _state.Depth--;
        }
    }

    /// <summary>Runs the content of a file: a script, or a program of the peer, which does nothing here.</summary>
    public Task RunFileAsync(byte[] content, Invocation invocation) => _programs.RunFileAsync(content, invocation);

    public string? FindProgram(string name) => _programs.Find(name);

    private Task DispatchAsync(Command command, CancellationToken cancellation) => command switch
    {
        SimpleCommand simple => _simple.RunAsync(simple, cancellation),
        Pipeline pipeline => _subshells.RunPipelineAsync(pipeline, cancellation),
        Sequence sequence => RunSequenceAsync(sequence, cancellation),
        Group { IsSubshell: true } group => _subshells.RunAsync(group.Body, Streams, cancellation),
        _ => _compounds.RunAsync(command, cancellation),
    };

    private async Task RunSequenceAsync(Sequence sequence, CancellationToken cancellation)
    {
        foreach ((Command part, bool inBackground) in sequence.Commands)
        {
            await (inBackground ? _subshells.RunInBackgroundAsync(part, cancellation) : RunAsync(part, cancellation));
            if (_flow.IsJumping)
            {
                return;
            }
        }
    }
}
