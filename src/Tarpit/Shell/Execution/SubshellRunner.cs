using System.Globalization;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs commands in subshells, and those that are part of a word. They share nothing but files with their shell.</summary>
internal sealed class SubshellRunner(ShellState state, JobRunner jobs, ICommandRunner commands) : ISubstitutions
{
    private const int LargestFile = 2 << 20;
    private const int LargestSubstitution = 1 << 20;
    private const int StatusOfBrokenPipe = 141;

    private readonly List<(string Path, Command Body, int Number)> _writers = [];
    private bool _isConnected;

    /// <summary>Runs a command in a copy of the shell; its exit status.</summary>
    public async Task<int> RunAsync(Command command, ShellStreams streams, CancellationToken cancellation, Action<ShellState>? prepare = null)
    {
        ShellState copy = state.Copy();
        prepare?.Invoke(copy);
        int status = await RunAsync(Begin(copy, streams), copy, command, cancellation);
        if (prepare is null && copy.Traps.Fatal is not (0 or 2 or 13))
        {
            await streams.Error.WriteAsync(Traps.Describe(copy.Traps.Fatal) + "\n", cancellation);
        }

        return status;
    }

    /// <summary>A shell in a process of its own, with these streams open.</summary>
    public static Interpreter Begin(ShellState copy, ShellStreams streams)
    {
        Interpreter shell = new(copy, streams);
        shell.TakeStreams();
        return shell;
    }

    /// <summary>Runs a command in a shell that was made for it, and ends the shell.</summary>
    public static async Task<int> RunAsync(Interpreter shell, ShellState copy, Command command, CancellationToken cancellation)
    {
        try
        {
            await RunToEndAsync(shell, copy, command, cancellation);
            return copy.Status;
        }
        catch (BrokenPipeException)
        {
            return StatusOfBrokenPipe;
        }
        finally
        {
            shell.ReleaseStreams();
        }
    }

    /// <summary>Runs a command, and what is set for the end of the shell.</summary>
    public static async Task RunToEndAsync(Interpreter shell, ShellState copy, Command command, CancellationToken cancellation)
    {
        await RunBodyAsync(shell, copy, command, cancellation);
        await shell.EndAsync(cancellation);
    }

    private static async Task RunBodyAsync(Interpreter shell, ShellState copy, Command command, CancellationToken cancellation)
    {
        try
        {
            await shell.RunAsync(command, cancellation);
        }
        catch (ShellErrorException e)
        {
            copy.Status = e.Exits ?? 1;
        }
    }

    /// <summary>$(&lt; file) and &lt;(&lt; file) are short for "cat &lt; file".</summary>
    public static Command Whole(Command command) =>
        command is Sequence { Commands: [(SimpleCommand { Words.Count: 0, Assignments.Count: 0, Redirections: [{ Operator: "<", Descriptor: 0 }] } simple, null)] }
            ? simple with { Words = [new Word("cat", [new LiteralPart("cat", IsQuoted: false)])] } : command;

    async ValueTask<string> ISubstitutions.RunAsync(Command command, CancellationToken cancellation)
    {
        command = Whole(command);

        if (command is Sequence { Commands.Count: 0 })
        {
            state.Status = 0;
            return "";
        }

        if (++state.Depth > ShellState.MostNested)
        {
            state.Depth--;
            throw new ShellErrorException("maximum nesting level exceeded");
        }

        using BufferOutput output = new(LargestSubstitution, state.Budget.Memory);
        try
        {
            state.Status = await RunAsync(command, commands.Streams with { Output = output }, cancellation, static copy =>
            {
                copy.TraceDepth++;
                if (!copy.Has("inherit_errexit"))
                {
                    copy.Options.Remove("errexit");
                }
            });
        }
        finally
        {
            state.Depth--;
        }

        if (!output.Closed.IsCompleted)
        {
            // A job that it left in the background can still write.
            await state.Turns.OutsideAsync(() => output.Closed.WaitAsync(cancellation));
        }

        return output.Text.Replace("\0", "", StringComparison.Ordinal).TrimEnd('\n');
    }

    async ValueTask<string> ISubstitutions.RunTextAsync(string text, CancellationToken cancellation)
    {
        Command command;
        try
        {
            command = Parser.Parse(text, state.Line, state.ActiveAliases);
        }
        catch (SyntaxException e)
        {
            state.Status = 2;
            await commands.Streams.Error.WriteAsync(FormattableString.Invariant($"{state.SourceName}: command substitution: line {e.Line}: {e.Message}\n"), cancellation);
            return "";
        }

        return await ((ISubstitutions)this).RunAsync(command, cancellation);
    }

    async ValueTask<string> ISubstitutions.OpenAsync(ProcessPart body, CancellationToken cancellation)
    {
        const int most = 40;
        string path = string.Create(CultureInfo.InvariantCulture, $"/dev/fd/{63 - (Processes++ % most)}");
        using BufferOutput output = new(LargestFile, state.Budget.Memory);
        if (body.IsInput)
        {
            int status = state.Status, process = state.Visit.Memory.NextProcess();
            int ended = await RunAsync(Whole(body.Body), commands.Streams with { Output = output }, cancellation, static copy => copy.Traps.Forget());
            state.Status = status;
            state.LastJob = process;
            state.Jobs.Note(process, ended);
        }
        else
        {
            _writers.Add((path, body.Body, Processes));
        }

        if (state.Files.Find("/dev/fd") is null)
        {
            state.Files.MakeFolder("/dev/fd", 0, 0);
        }

        state.Files.Write(path, output.ToArray(), state.Visit.UserId, state.Visit.UserId);
        return path;
    }

    ValueTask ISubstitutions.WarnAsync(string message, CancellationToken cancellation) => commands.Streams.Error.WriteAsync($"{state.Where}{message}\n", cancellation);

    Pipe? ISubstitutions.Attach(ProcessPart process)
    {
        _isConnected = true;
        return jobs.Attach(process);
    }

    /// <summary>Process substitutions whose files are there.</summary>
    public int Processes { get; private set; }

    /// <summary>A command has ended: what it wrote to &gt;( ... ) is read now.</summary>
    /// <param name="before">How many there were before it: those of the commands around it.</param>
    public async ValueTask FinishProcessesAsync(int before, CancellationToken cancellation)
    {
        if (_isConnected)
        {
            // Those that read what it wrote come before the next command.
            _isConnected = false;
            await state.Turns.YieldAsync();
        }

        if (Processes <= before)
        {
            return;
        }

        (string Path, Command Body, int Number)[] writers = [.. _writers.Where(writer => writer.Number > before)];
        _writers.RemoveAll(writer => writer.Number > before);
        state.OpenFiles.Flush(state.Log);
        foreach ((string path, Command body, _) in writers)
        {
            state.Files.Read(path, out byte[] written);
            int status = state.Status;
            await RunAsync(body, commands.Streams with { Input = ShellInput.From(written) }, cancellation);
            state.Status = status;
        }

        for (; Processes > before; Processes--)
        {
            state.Files.Remove(string.Create(CultureInfo.InvariantCulture, $"/dev/fd/{64 - Processes}"));
        }
    }
}
