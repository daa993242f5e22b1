using System.Runtime.CompilerServices;
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
    private readonly JobRunner _jobs;
    private readonly CompoundRunner _compounds;
    private readonly ProgramRunner _programs;
    private readonly SimpleCommandRunner _simple;

    public Interpreter(ShellState state, ShellStreams streams)
    {
        (_state, Streams) = (state, streams);
        _subshells = new SubshellRunner(state, this);
        _jobs = new JobRunner(state, this);
        Expander expander = new(state, _subshells);
        _compounds = new CompoundRunner(state, expander, _flow, this);
        _programs = new ProgramRunner(state);
        _simple = new SimpleCommandRunner(state, expander, _flow, _programs, this);
    }

    public ShellStreams Streams { get; private set; }

    public bool HasExited => _flow.HasExited;

    public void SetStreams(ShellStreams streams) => Streams = streams;

    /// <summary>Runs text line by line: an error in a later line takes back nothing.</summary>
    /// <param name="source">What the text is, for messages: "-c", "eval"; null: a file.</param>
    public async Task RunTextAsync(string text, CancellationToken cancellation, string? source = null, int firstLine = 1)
    {
        Parser parser = Parser.Open(text, firstLine);
        while (!_flow.IsJumping)
        {
            Command? line;
            try
            {
                parser.Words.HasPatternLists = _state.Has("extglob");
                line = parser.ParseLine();
            }
            catch (SyntaxException e)
            {
                _state.Status = 2;
                await Streams.Error.WriteAsync(e.Describe(_state, parser, source), cancellation);
                return;
            }

            if (line is null)
            {
                return;
            }

            try
            {
                await RunAsync(line, cancellation);
            }
            catch (ShellErrorException e) when (e.Exits is not null || _state.Subshells == 0)
            {
                _state.Status = e.Exits ?? 1;
                if (e.Exits is not null || (_state.Has("errexit") && !e.IsArithmetic))
                {
                    _flow.Exit();
                }
            }
        }
    }

    /// <summary>The shell ends: what was set with trap ... EXIT runs, and leaves the status as it was unless it exits itself.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_state.Traps.Get(0) is { Length: > 0 } trap)
        {
            _state.Traps.Set(0, null);
            int status = _state.Status;
            _flow.EndExit();
            await RunTextAsync(trap, cancellation, "exit trap");
            _state.Status = _flow.HasExited ? _state.Status : status;
        }

        _state.OpenFiles.Flush(_state.Log);
        _state.Budget.Memory.Drop(_state);
    }

    /// <summary>Waits for jobs that write to the peer; the others have their turn, as far as they come without waiting, and are ended.</summary>
    public async Task FinishJobsAsync(CancellationToken cancellation)
    {
        await _state.Turns.YieldAsync();
        foreach (Job job in _state.Turns.Running)
        {
            if (job.HoldsPeer)
            {
                await _state.Turns.OutsideAsync(() => job.Task.WaitAsync(cancellation));
            }
            else
            {
                job.Kill(1);
            }
        }
    }

    public async Task RunTextWithAsync(string text, string? source, int firstLine, ShellStreams streams, CancellationToken cancellation)
    {
        if (ReferenceEquals(streams, Streams))
        {
            await RunTextAsync(text, cancellation, source, firstLine);
            return;
        }

        ShellStreams before = Streams;
        Streams = streams;
        try
        {
            await RunTextAsync(text, cancellation, source, firstLine);
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
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Goes on with a fresh stack.
            await Task.Yield();
        }

        await _state.Budget.StepAsync(cancellation);
        if (!_state.Budget.TryNest() || ++_state.Depth > ShellState.MostNested)
        {
            // bash has no stack left here, and is killed.
            _state.Budget.LeaveNested();
            _state.Depth = Math.Min(_state.Depth, ShellState.MostNested);
            _state.Status = 139;
            _flow.Exit();
            return;
        }

        try
        {
            if (command is SimpleCommand or Pipeline)
            {
                _state.Line = command.Line;
            }

            bool hadTrap = _state.Traps.Get(Traps.Error) is not null;
            await DispatchAsync(command, cancellation);
            if (command is SimpleCommand or Pipeline or Arithmetic or Test or Group { IsSubshell: true })
            {
                await _subshells.FinishProcessesAsync(cancellation);
                await AfterAsync(hadTrap, cancellation);
            }
        }
        catch (ShellErrorException e) when (!e.IsTold)
        {
            e.IsTold = true;
            _state.Status = 1;
            await Streams.Error.WriteAsync($"{_state.Where}{e.Message}\n", cancellation);
            throw;
        }
        finally
        {
            _state.Depth--;
            _state.Budget.LeaveNested();
        }
    }

    /// <summary>A command that another one runs (exec, command, sudo, ...): each is a level deeper, so that a chain of them ends.</summary>
    public Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation) => NestAsync(words.Count, () => _simple.CallAsync(words, streams, cancellation));

    /// <summary>A builtin or a program, but no function.</summary>
    public Task CallBodyAsync(Invocation invocation) => NestAsync(invocation.Arguments.Count, () => _simple.CallBodyAsync(invocation));

    /// <summary>A program, but no builtin: what other programs call. Its exit status.</summary>
    public async Task<int> CallProgramAsync(string name, IReadOnlyList<string> arguments, ShellStreams streams, CancellationToken cancellation)
    {
        await NestAsync(arguments.Count, () => _programs.RunAsync(new Invocation(name, arguments, streams, _state, this, cancellation)));
        return _state.Status;
    }

    private async Task NestAsync(int words, Func<Task> call)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Goes on with a fresh stack.
            await Task.Yield();
        }

        // Each level has its own list of words.
        const int wordsOfLevel = 256;
        int levels = 1 + (words / wordsOfLevel);
        if (!_state.Budget.TryNest(levels) || ++_state.Depth > ShellState.MostNested)
        {
            _state.Budget.LeaveNested(levels);
            _state.Depth = Math.Min(_state.Depth, ShellState.MostNested);
            _state.Status = 1;
            return;
        }

        try
        {
            await call();
        }
        finally
        {
            _state.Depth--;
            _state.Budget.LeaveNested(levels);
        }
    }

    /// <summary>Runs the content of a file: a script, or a program of the peer, which does nothing here.</summary>
    public Task RunFileAsync(byte[] content, Invocation invocation) => _programs.RunFileAsync(content, invocation);

    public string? FindProgram(string name) => _programs.Find(name);

    public async Task RunTrapAsync(int signal, CancellationToken cancellation)
    {
        if (_state.Traps.Get(signal) is not { Length: > 0 } trap)
        {
            return;
        }

        // It does not run within itself.
        int status = _state.Status, line = _state.Line;
        if (signal > 64)
        {
            _state.Traps.Set(signal, null);
        }

        await RunTextAsync(trap, cancellation, "trap", line);
        if (signal > 64 && _state.Traps.Get(signal) is null)
        {
            _state.Traps.Set(signal, trap);
        }

        if (!_flow.HasExited)
        {
            _state.Status = status;
        }

        _state.Line = line;
    }

    private Task DispatchAsync(Command command, CancellationToken cancellation) => command switch
    {
        SimpleCommand simple => RunSimpleAsync(simple, cancellation),
        Pipeline pipeline => RunPipelineAsync(pipeline, cancellation),
        Sequence sequence => RunSequenceAsync(sequence, cancellation),
        Group { IsSubshell: true } group => RunSubshellAsync(group, cancellation),
        Coprocess coprocess => _jobs.StartAsync(coprocess.Body, coprocess.Name, cancellation),
        _ => _compounds.RunAsync(command, cancellation),
    };

    private async Task RunSimpleAsync(SimpleCommand command, CancellationToken cancellation)
    {
        _state.Current = command;
        await _simple.RunAsync(command, cancellation);
        if (command.Words.Count > 0)
        {
            _state.PipeStatus = [_state.Status];
        }
    }

    private async Task RunSubshellAsync(Group group, CancellationToken cancellation)
    {
        _state.Status = await _subshells.RunAsync(group.Body, Streams, cancellation);
        _state.PipeStatus = [_state.Status];
    }

    private async Task RunPipelineAsync(Pipeline pipeline, CancellationToken cancellation)
    {
        _state.IgnoresErrors += pipeline.IsNegated ? 1 : 0;
        try
        {
            if (pipeline.Stages.Count == 1)
            {
                await RunAsync(pipeline.Stages[0], cancellation);
            }
            else
            {
                await _subshells.RunPipelineAsync(pipeline, cancellation);
            }
        }
        finally
        {
            _state.IgnoresErrors -= pipeline.IsNegated ? 1 : 0;
        }

        if (pipeline.IsTimed)
        {
            await Streams.Error.WriteAsync("\nreal\t0m0.004s\nuser\t0m0.001s\nsys\t0m0.003s\n", cancellation);
        }

        if (pipeline.IsNegated && !_flow.IsJumping)
        {
            _state.Status = _state.Status == 0 ? 1 : 0;
            // What "!" turned into a failure is none for -e.
            _state.IgnoresErrors++;
            await AfterAsync(hadTrap: false, cancellation);
            _state.IgnoresErrors--;
            _negated = true;
        }
    }

    private bool _negated;

    private async Task RunSequenceAsync(Sequence sequence, CancellationToken cancellation)
    {
        foreach ((Command part, string? background) in sequence.Commands)
        {
            if (background is not null)
            {
                await _jobs.StartAsync(part, background, cancellation);
            }
            else
            {
                await RunAsync(part, cancellation);
            }

            if (_flow.IsJumping)
            {
                return;
            }
        }
    }

    // Signals that came, and failures (-e, ERR).
    private async Task AfterAsync(bool hadTrap, CancellationToken cancellation)
    {
        while (_state.Traps.Pending.TryDequeue(out int signal))
        {
            await HandleAsync(signal, cancellation);
        }

        bool negated = _negated;
        _negated = false;
        if (_state.Status == 0 || _state.IgnoresErrors > 0 || _flow.IsJumping || negated)
        {
            return;
        }

        if (hadTrap)
        {
            await RunTrapAsync(Traps.Error, cancellation);
        }

        if (_state.Has("errexit"))
        {
            _flow.Exit();
        }
    }

    private async Task HandleAsync(int signal, CancellationToken cancellation)
    {
        if (_state.Traps.Get(signal) is not null)
        {
            await RunTrapAsync(signal, cancellation);
        }
        else if (!_state.IsInteractive || signal is 9 or 1)
        {
            _state.Status = 128 + signal;
            if (signal == 9)
            {
                _state.Traps.Set(0, null);
            }

            _flow.Exit();
        }
    }
}
