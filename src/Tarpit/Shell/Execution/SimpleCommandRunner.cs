using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs simple commands: aliases, assignments, redirections, and then a function, a builtin or a program.</summary>
internal sealed class SimpleCommandRunner
{
    private readonly ShellState _state;
    private readonly Expander _expander;
    private readonly ControlFlow _flow;
    private readonly ProgramRunner _programs;
    private readonly ForegroundJobs _jobs;
    private readonly ICommandRunner _commands;
    private readonly ControlBuiltins _control;
    private readonly Assignments _assignments;
    private readonly DeclareBuiltin _declare;
    private readonly Tracer _tracer;

    public SimpleCommandRunner(ShellState state, Expander expander, ControlFlow flow, ProgramRunner programs, ForegroundJobs jobs, ICommandRunner commands)
    {
        (_state, _expander, _flow, _programs, _jobs, _commands) = (state, expander, flow, programs, jobs, commands);
        _control = new ControlBuiltins(state, flow, commands);
        _assignments = new Assignments(state, expander);
        _tracer = new Tracer(state, expander, commands);
        _declare = new DeclareBuiltin(state, expander, _assignments);
    }

    public async Task RunAsync(SimpleCommand command, CancellationToken cancellation)
    {
        if (_state.Traps.Get(Traps.Debug) is { Length: > 0 })
        {
            await _commands.RunTrapAsync(Traps.Debug, cancellation);
            if (_flow.IsJumping)
            {
                return;
            }
        }

        int before = _state.Status;
        _state.Status = 0;
        bool declares = command.Words.Count > 0 && DeclareBuiltin.IsName(command.Words[0].Text) && !EnableBuiltin.IsDisabled(_state, command.Words[0].Text) && !_state.Functions.ContainsKey(command.Words[0].Text);
        _state.Status = before;
        List<string> words = declares ? [command.Words[0].Text] : await _expander.WordsAsync(command.Words, cancellation);
        if (words.Count == 0)
        {
            _state.LastWord = "";
            await AssignAsync(command, before, cancellation);
            return;
        }

        List<(Assignment Assignment, string Value)> own = await ValuesAsync(command.Assignments, cancellation);
        Redirections redirections = new(_state, _expander, _commands);
        if (await ApplyAsync(redirections, command.Redirections, isProgram: !declares && !IsOfShell(words[0]), cancellation) is not { } streams)
        {
            return;
        }

        bool keeps = words is ["exec"] or ["exec", "--"];
        try
        {
            if (declares)
            {
                // Its words are expanded before any assignment is made.
                command = command with { Words = [command.Words[0], .. await _declare.ExpandAsync([.. command.Words.Skip(1)], cancellation)] };
            }

            if (own.Count > 0)
            {
                await CallWithAssignmentsAsync(command, own, words, declares, streams, cancellation);
            }
            else
            {
                await TraceAsync("", declares ? [.. command.Words.Select(word => word.Text)] : words, cancellation);
                await CallAsync(command, words, declares, streams, cancellation);
            }
        }
        finally
        {
            _state.LastWord = declares ? LastWord(command.Words[^1]) : words[^1];
            if (keeps)
            {
                _commands.SetStreams(streams);
                redirections.Keep();
            }
            else
            {
                await CloseAsync(redirections, cancellation);
            }
        }
    }

    private static string LastWord(Word word) => word.Parts is not [AssignmentPart { Assignment: var assignment }] ? word.Text
        : assignment.Elements is not null ? assignment.Name : $"{assignment.Name}{(assignment.Appends ? "+" : "")}={assignment.Value.Text}";

    private bool IsOfShell(string name) => _state.Functions.ContainsKey(name) || (NameBuiltins.IsBuiltin(name) && !EnableBuiltin.IsDisabled(_state, name));

    // Those of a program are made in its own process: an error there ends nothing else.
    private async ValueTask<ShellStreams?> ApplyAsync(Redirections redirections, IReadOnlyList<Redirection> wanted, bool isProgram, CancellationToken cancellation)
    {
        try
        {
            if (await redirections.ApplyAsync(wanted, cancellation) is { } streams)
            {
                return streams;
            }

            _state.Status = _state.IsDash ? 2 : 1;
        }
        catch (ShellErrorException e) when (isProgram)
        {
            await _commands.Streams.Error.WriteAsync($"{_state.Where}{e.Message}\n", cancellation);
            _state.Status = e.Exits ?? 1;
        }

        return null;
    }

    /// <summary>Runs a command by its expanded words.</summary>
    public async Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation)
    {
        string name = words[0];
        string[] arguments = [.. words.Skip(1)];
        if (_state.Functions.TryGetValue(name, out Function? function))
        {
            await CallFunctionAsync(function, arguments, streams, cancellation);
            return;
        }

        await CallBodyAsync(new Invocation(name, arguments, streams, _state, _commands, cancellation));
    }

    /// <summary>A builtin or a program, but no function.</summary>
    public async Task CallBodyAsync(Invocation invocation)
    {
        if (_state.IsDash && DashDialect.Lacks(invocation.Name))
        {
            await _programs.RunAsync(invocation);
            return;
        }

        if (EnableBuiltin.IsDisabled(_state, invocation.Name))
        {
            await _programs.RunAsync(invocation);
            return;
        }

        if (!_state.IsDash && invocation.Arguments.Count > 0 && HelpBuiltin.Refuses(invocation.Name, invocation.Arguments[0]) && NameBuiltins.IsBuiltin(invocation.Name))
        {
            await _programs.RunBodyAsync(HelpBuiltin.RefuseAsync, invocation);
            return;
        }

        if (await _control.TryRunAsync(invocation))
        {
            return;
        }

        if (DeclareBuiltin.IsName(invocation.Name))
        {
            await _programs.RunBodyAsync(_declare.RunAsync, invocation);
            return;
        }

        if (Catalogue.Builtins.TryGetValue(invocation.Name, out CommandBody? builtin))
        {
            await _programs.RunBodyAsync(builtin, invocation);
            return;
        }

        _state.OpenFiles.Flush(_state.Log);
        if (!_jobs.Apply)
        {
            await _programs.RunAsync(invocation);
        }
        else if (invocation.Name.StartsWith('%'))
        {
            // A job alone: fg, or bg with "&".
            await _programs.RunBodyAsync(JobBuiltins.ForegroundAsync, invocation with { Name = "fg", Arguments = [invocation.Name] });
        }
        else
        {
            await _jobs.RunAsync(invocation, invocation.Cancellation);
        }
    }

    // A file that cannot be written is told when it is closed.
    private async ValueTask CloseAsync(Redirections redirections, CancellationToken cancellation)
    {
        try
        {
            redirections.Close();
        }
        catch (WriteErrorException e)
        {
            _state.Status = 1;
            await _commands.Streams.Error.WriteAsync($"{_state.Where}write error: {e.Message}\n", cancellation);
        }
    }

    private async Task CallAsync(SimpleCommand command, List<string> words, bool declares, ShellStreams streams, CancellationToken cancellation)
    {
        if (declares)
        {
            Invocation invocation = new(words[0], [.. command.Words.Skip(1).Select(word => word.Text)], streams, _state, _commands, cancellation);
            await _programs.RunBodyAsync(call => _declare.RunAsync(call, [.. command.Words.Skip(1)]), invocation);
        }
        else
        {
            await CallAsync(words, streams, cancellation);
        }
    }

    // An assignment may use those before it.
    private async ValueTask<List<(Assignment Assignment, string Value)>> ValuesAsync(IReadOnlyList<Assignment> assignments, CancellationToken cancellation)
    {
        List<(Assignment, string)> values = [];
        if (assignments.Count == 0)
        {
            return values;
        }

        _state.Variables.Push(isFunction: false);
        try
        {
            foreach (Assignment assignment in assignments.Where(assignment => assignment.Subscript is null))
            {
                string value = assignment.Elements is null ? (assignment.Appends ? _state.Get(assignment.Name) : "") + await _expander.AssignedAsync(assignment.Value, cancellation)
                    : assignment.Source.Text[(assignment.Source.Text.IndexOf('=', StringComparison.Ordinal) + 1)..];
                values.Add((assignment, value));
                if (assignments.Count > 1 && _state.Variables.Find(assignment.Name) is not { IsReadOnly: true })
                {
                    _state.Variables.MakeTemporary(assignment.Name).Value = value;
                }
            }
        }
        finally
        {
            _state.Variables.Pop();
        }

        return values;
    }

    // Assignments before a command last as long as it runs.
    private async Task CallWithAssignmentsAsync(SimpleCommand command, List<(Assignment Assignment, string Value)> own, List<string> words, bool declares, ShellStreams streams, CancellationToken cancellation)
    {
        _state.Variables.Push(isFunction: false);
        try
        {
            List<string> traced = [];
            foreach ((Assignment assignment, string value) in own)
            {
                if (_state.Variables.Find(assignment.Name) is { IsReadOnly: true })
                {
                    await streams.Error.WriteAsync($"{_state.Where}{assignment.Name}: readonly variable\n", cancellation);
                    continue;
                }

                _state.Variables.MakeTemporary(assignment.Name).IsExported = true;
                _state.Set(assignment.Name, value);
                traced.Add($"{assignment.Name}={Quoting.IfNeeded(value)}");
            }

            await TraceAsync(string.Join(' ', traced) + " ", declares ? [.. command.Words.Select(word => word.Text)] : words, cancellation);
            await CallAsync(command, words, declares, streams, cancellation);
        }
        finally
        {
            _state.Variables.Pop();
        }
    }

    private async Task AssignAsync(SimpleCommand command, int before, CancellationToken cancellation)
    {
        // The status is that of the last command substitution, if there was one.
        bool hasCommand = command.Words.Any(word => HasCommand(word.Parts));
        int status = hasCommand ? _state.Status : 0;
        _state.Status = hasCommand ? status : before;
        foreach (Assignment assignment in command.Assignments)
        {
            string? marks = await _tracer.BeginAsync(cancellation);
            string traced = await _assignments.MakeAsync(assignment, cancellation);
            status = HasCommand(assignment.Value.Parts) ? _state.Status : status;
            if (marks is not null)
            {
                await _tracer.WriteAsync(marks, traced, cancellation);
            }
        }

        _state.Status = status;
        if (command.Redirections.Count > 0)
        {
            Redirections redirections = new(_state, _expander, _commands);
            if (await redirections.ApplyAsync(command.Redirections, cancellation) is null)
            {
                _state.Status = 1;
                return;
            }

            await CloseAsync(redirections, cancellation);
        }

        _state.PipeStatus = [_state.Status];
    }

    private static bool HasCommand(IReadOnlyList<WordPart> parts) => parts.Any(part => part is CommandPart or BackquotePart || (part is QuotedPart quoted && HasCommand(quoted.Parts)) || (part is ParameterPart parameter && HasCommand(parameter.Argument.Parts)));

    private ValueTask TraceAsync(string before, IReadOnlyList<string> words, CancellationToken cancellation) =>
        _state.Has("xtrace") ? _tracer.WriteAsync(before + string.Join(' ', words.Select(word => word.Length == 0 ? "''" : Quoting.IfNeeded(word))), cancellation) : ValueTask.CompletedTask;

    private async Task CallFunctionAsync(Function function, string[] arguments, ShellStreams streams, CancellationToken cancellation)
    {
        if (_state.Find("FUNCNEST") is { Length: > 0 } text && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int most) && most > 0 && _state.Calls.Count(call => !call.IsFile) >= most)
        {
            throw new ShellErrorException($"{function.Name}: maximum function nesting level exceeded ({most})");
        }

        (IReadOnlyList<string> before, int line, int loops) = (_state.Arguments, _state.Line, _flow.Loops);
        (string? debug, string? error, string? onReturn) = (_state.Traps.Get(Traps.Debug), _state.Traps.Get(Traps.Error), _state.Traps.Get(Traps.Return));
        Inherit(Traps.Debug, "functrace");
        Inherit(Traps.Return, "functrace");
        Inherit(Traps.Error, "errtrace");
        _state.Reserve(arguments.Length * (sizeof(long) / sizeof(char)));
        _state.Arguments = arguments;
        _state.Calls.Add(new CallFrame(function.Name, line, IsFile: false, function.File) { Arguments = before });
        _state.Variables.Push(isFunction: true);
        _flow.Loops = 0;
        try
        {
            if (ReferenceEquals(streams, _commands.Streams))
            {
                await _commands.RunAsync(function.Body, cancellation);
            }
            else
            {
                await _commands.RunWithAsync(function.Body, streams, cancellation);
            }

            _flow.EndReturn();
            if (_state.Traps.Get(Traps.Return) is { Length: > 0 } && !_flow.IsJumping)
            {
                await _commands.RunTrapAsync(Traps.Return, cancellation);
            }
        }
        finally
        {
            _state.Variables.Pop();
            _state.Calls.RemoveAt(_state.Calls.Count - 1);
            (_state.Arguments, _state.Line, _flow.Loops) = (before, line, loops);
            Restore(Traps.Debug, debug);
            Restore(Traps.Error, error);
            Restore(Traps.Return, onReturn);
        }
    }

    private void Inherit(int signal, string option)
    {
        if (!_state.Has(option))
        {
            _state.Traps.Set(signal, null);
        }
    }

    private void Restore(int signal, string? command)
    {
        if (command is not null && _state.Traps.Get(signal) is null)
        {
            _state.Traps.Set(signal, command);
        }
    }
}
