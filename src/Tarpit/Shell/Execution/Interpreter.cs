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
    private readonly PipelineRunner _pipelines;
    private readonly EventRunner _events;
    private readonly JobRunner _jobs;
    private readonly CompoundRunner _compounds;
    private readonly ProgramRunner _programs;
    private readonly SimpleCommandRunner _simple;
    private readonly Expander _expander;
    private bool _hasOwnStreams;

    public Interpreter(ShellState state, ShellStreams streams)
    {
        (_state, Streams) = (state, streams);
        state.Jobs.OwnInput = state.Subshells == 0 ? streams.Input : null;
        _jobs = new JobRunner(state, this);
        _subshells = new SubshellRunner(state, _jobs, this);
        Foreground = new ForegroundJobs(state, _flow, this);
        _pipelines = new PipelineRunner(state, this, Foreground);
        _events = new EventRunner(state, _flow, this);
        _expander = new Expander(state, _subshells);
        state.Subscripts = _expander.Subscript;
        _compounds = new CompoundRunner(state, _expander, _flow, this);
        _programs = new ProgramRunner(state);
        _simple = new SimpleCommandRunner(state, _expander, _flow, _programs, Foreground, this);
    }

    public ShellStreams Streams { get; private set; }

    /// <summary>It is a process of its own: it has its streams open until it is done with them.</summary>
    public void TakeStreams()
    {
        _hasOwnStreams = true;
        Streams.Share();
    }

    public void ReleaseStreams() => Streams.Release();

    public bool HasExited => _flow.HasExited;

    public void SetStreams(ShellStreams streams)
    {
        ShellStreams before = Streams;
        Use(streams);
        Leave(before);
    }

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
                (parser.Words.HasPatternLists, parser.Words.MatchesQuotes) = (_state.Has("extglob"), !_state.IsDash && !_state.Has("posix"));
                parser.IsDash = _state.IsDash;
                parser.Aliases = _state.ActiveAliases;
                line = parser.ParseLine();
            }
            catch (SyntaxException e)
            {
                await WarnAsync(parser, cancellation);
                _state.Status = e.IsConditional && source is not "eval" ? _state.Status : 2;
                await Streams.Error.WriteAsync(e.Describe(_state, parser, source), cancellation);
                return;
            }

            await WarnAsync(parser, cancellation);
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
                if ((e.Exits is not null && !(_state.IsDash && _state.IsInteractive)) || (_state.Has("errexit") && !e.IsArithmetic))
                {
                    _flow.Exit();
                }
            }
        }
    }

    private async ValueTask WarnAsync(Parser parser, CancellationToken cancellation)
    {
        foreach ((int line, string message) in parser.TakeWarnings())
        {
            await Streams.Error.WriteAsync(_state.IsInteractive ? $"{_state.Name}: {message}\n" : FormattableString.Invariant($"{_state.Name}: line {line}: {message}\n"), cancellation);
        }
    }

    /// <summary>The shell ends: what was set with trap ... EXIT runs, and leaves the status as it was unless it exits itself.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_state.Traps.Get(0) is { Length: > 0 } trap)
        {
            int status = _state.Status;
            _flow.EndExit();
            _state.Traps.Running = (0, status);
            await RunTextAsync(trap, cancellation, "exit trap");
            _state.Status = _flow.HasExited ? _state.Status : status;
            _state.Traps.Set(0, null);
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
        ShellStreams before = Streams;
        Use(streams);
        try
        {
            await RunTextAsync(text, cancellation, source, firstLine);
        }
        finally
        {
            Leave(Streams);
            Streams = before;
        }
    }

    public async Task RunWithAsync(Command command, ShellStreams streams, CancellationToken cancellation)
    {
        ShellStreams before = Streams;
        Use(streams);
        try
        {
            await RunAsync(command, cancellation);
        }
        finally
        {
            Leave(Streams);
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

            int processes = _subshells.Processes;
            bool hadTrap = _state.Traps.Get(Traps.Error) is not null;
            await DispatchAsync(command, cancellation);
            if (command is SimpleCommand or Pipeline or Arithmetic or Test or Group { IsSubshell: true } || _flow.HasFailed)
            {
                _flow.HasFailed = false;
                await _subshells.FinishProcessesAsync(processes, cancellation);
                await _events.AfterAsync(command, hadTrap, cancellation);
            }
        }
        catch (WriteErrorException)
        {
            // What the shell itself had to say has nowhere to go.
            _state.Status = _state.Status == 0 ? 1 : _state.Status;
        }
        catch (ShellErrorException e) when (!e.IsTold)
        {
            e.IsTold = true;
            _state.Status = 1;
            if (Streams.Error is not ClosedOutput)
            {
                await Streams.Error.WriteAsync($"{_state.Where}{e.Message}\n", cancellation);
            }

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
    /// <param name="called">The name that it is told to have; null: its own.</param>
    public async Task<int> CallProgramAsync(string name, IReadOnlyList<string> arguments, ShellStreams streams, CancellationToken cancellation, string? called = null)
    {
        await NestAsync(arguments.Count, () => _programs.RunAsync(new Invocation(name, arguments, streams, _state, this, cancellation) { CalledAs = called }));
        return _state.Status;
    }

    private void Use(ShellStreams streams)
    {
        if (_hasOwnStreams)
        {
            streams.Share();
        }

        Streams = streams;
    }

    private void Leave(ShellStreams streams)
    {
        if (_hasOwnStreams)
        {
            streams.Release();
        }
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

    /// <summary>Jobs that have the terminal.</summary>
    public ForegroundJobs Foreground { get; }

    /// <summary>Runs the content of a file: a script, or a program of the peer, which does nothing here.</summary>
    public Task RunFileAsync(byte[] content, Invocation invocation) => _programs.RunFileAsync(content, invocation);

    /// <summary>Parameters and commands in a text, as in a here-document.</summary>
    public ValueTask<string> ExpandAsync(string text, CancellationToken cancellation) => _expander.DocumentAsync(WordReader.ReadWhole(text, WordReader.Place.Document, _state.Line, _state.ActiveAliases), cancellation);

    public string? FindProgram(string name) => _programs.Find(name);

    public Task RunTrapAsync(int signal, CancellationToken cancellation) => _events.RunTrapAsync(signal, cancellation);

    private Task DispatchAsync(Command command, CancellationToken cancellation) => command switch
    {
        _ when _state.Has("noexec") && !_state.IsInteractive => Task.CompletedTask,
        SimpleCommand simple => RunSimpleAsync(simple, cancellation),
        Pipeline pipeline => RunPipelineAsync(pipeline, cancellation),
        Sequence sequence => RunSequenceAsync(sequence, cancellation),
        Group { IsSubshell: true } group => Foreground.Apply ? Foreground.RunAsync(group, Streams, cancellation) : RunSubshellAsync(group, cancellation),
        Coprocess coprocess => _jobs.StartAsync(coprocess, cancellation),
        _ => _compounds.RunAsync(command, cancellation),
    };

    private async Task RunSimpleAsync(SimpleCommand command, CancellationToken cancellation)
    {
        _state.Current = _state.Traps.Running is null ? command : _state.Current; // A trap sees the command that it runs for.
        await _simple.RunAsync(command, cancellation);
        if (command.Words.Count > 0)
        {
            _state.PipeStatus = [_state.Status];
        }
    }

    private async Task RunSubshellAsync(Group group, CancellationToken cancellation)
    {
        _state.Line = group.Line;
        _state.Status = await _subshells.RunAsync(group.Body, Streams, cancellation);
        _state.PipeStatus = [_state.Status];
    }

    private async Task RunPipelineAsync(Pipeline pipeline, CancellationToken cancellation)
    {
        CommandTimes? times = pipeline.IsTimed ? new CommandTimes(_state) : null;
        if (pipeline.Stages.Count == 1)
        {
            // What it is made of is looked at by an -e that is set in it, but not itself.
            _events.NegatedStage = pipeline.IsNegated ? pipeline.Stages[0] : _events.NegatedStage;
            int ignores = pipeline.IsNegated && _state.Has("errexit") ? 1 : 0;
            _state.IgnoresErrors += ignores;
            try
            {
                await RunAsync(pipeline.Stages[0], cancellation);
            }
            finally
            {
                _state.IgnoresErrors -= ignores;
            }
        }
        else
        {
            if (_state.Traps.Get(Traps.Debug) is { Length: > 0 })
            {
                foreach (Command stage in pipeline.Stages.Where(stage => stage is SimpleCommand))
                {
                    _state.Line = stage.Line;
                    await RunTrapAsync(Traps.Debug, cancellation);
                }
            }

            await _pipelines.RunAsync(pipeline, cancellation);
        }

        if (times is not null)
        {
            await Streams.Error.WriteAsync(times.Report(pipeline.IsPortable), cancellation);
        }

        if (pipeline.IsNegated && (!_flow.IsJumping || _flow.IsLeavingLoop))
        {
            _state.Status = _state.Status == 0 ? 1 : 0;
            _events.WasNegated = true;
        }
    }

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
}
