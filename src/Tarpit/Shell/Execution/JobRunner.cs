using System.Globalization;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs commands in the background, each in a copy of the shell, one at a time with all others of the session.</summary>
internal sealed class JobRunner(ShellState state, ICommandRunner commands)
{
    // Where bash has the ends of the pipes of a coprocess.
    private const int CoprocessInput = 63, CoprocessOutput = 60;

    public async Task StartAsync(Command command, string text, CancellationToken cancellation)
    {
        // Only what the shell itself reads from its peer is not for a job.
        ShellInput input = commands.Streams.Input;
        ShellStreams streams = input.IsPeer || (!state.IsInteractive && ReferenceEquals(input, state.Root.Jobs.OwnInput)) ? commands.Streams with { Input = ShellInput.Empty } : commands.Streams;
        if (TryStart(command, text, streams) is not { } job)
        {
            await RefuseAsync(cancellation);
            return;
        }

        state.Jobs.Add(job);
        if (state.IsInteractive && !state.IsDash)
        {
            await commands.Streams.Error.WriteAsync(FormattableString.Invariant($"[{job.Number}] {job.Process}\n"), cancellation);
        }

        state.Status = 0;
    }

    /// <summary>coproc: a job, and the other ends of its input and output in an array.</summary>
    public async Task StartAsync(Coprocess coprocess, CancellationToken cancellation)
    {
        Pipe input = new(state.Turns), output = new(state.Turns);
        if (TryStart(coprocess.Body, coprocess.Name, commands.Streams with { Input = input.Reader, Output = output.Writer }) is not { } job)
        {
            await RefuseAsync(cancellation);
            return;
        }

        state.Jobs.Add(job);
        commands.SetStreams(commands.Streams.With(CoprocessInput, new Descriptor(output.Reader, null)).With(CoprocessOutput, new Descriptor(null, input.Writer)));
        state.Set(coprocess.Name, CoprocessInput.ToString(CultureInfo.InvariantCulture), "0");
        state.Set(coprocess.Name, CoprocessOutput.ToString(CultureInfo.InvariantCulture), "1");
        state.Set(coprocess.Name + "_PID", job.Process.ToString(CultureInfo.InvariantCulture));
        state.Status = 0;
    }

    /// <summary>A command that a redirection reads from or writes to; null: there are too many jobs.</summary>
    public Pipe? Attach(ProcessPart process)
    {
        Pipe pipe = new(state.Turns);
        return TryStart(SubshellRunner.Whole(process.Body), "", process.IsInput ? commands.Streams with { Output = pipe.Writer } : commands.Streams with { Input = pipe.Reader }) is null ? null : pipe;
    }

    // It ends with the session, not with the command line that began it.
    private Job? TryStart(Command command, string text, ShellStreams streams)
    {
        int process = state.Visit.Memory.Processes.NextId();
        CancellationTokenSource stop = new();
        Job job = new(state.Jobs.NextNumber, process, text, stop) { HoldsPeer = Holds(command, 1, streams.Output) || Holds(command, 2, streams.Error) };
        if (!state.Turns.TryBegin(job))
        {
            stop.Dispose();
            return null;
        }

        state.LastJob = process;
        state.Visit.Memory.Processes.Add(JobProcess.Of(state, command, process));
        ShellState copy = state.Copy();
        copy.OwnProcess = process;
        copy.Traps.Forget();
        copy.IsReplaced = command is SimpleCommand { Words: [var first, ..] } && !state.Functions.ContainsKey(first.Text);
        if (!state.Has("monitor") && !state.IsInteractive)
        {
            copy.Traps.Ignore(2);
            copy.Traps.Ignore(3);
        }

        job.Task = RunAsync(job, command, copy, SubshellRunner.Begin(copy, streams), stop);
        return job;
    }

    // What the command itself redirects is not the peer's any more.
    private static bool Holds(Command command, int descriptor, ShellOutput output) => output is PeerOutput && command switch
    {
        SimpleCommand simple => !simple.Redirections.Any(redirection => redirection.Descriptor == descriptor || redirection.Descriptor == -1),
        Redirected redirected => !redirected.Redirections.Any(redirection => redirection.Descriptor == descriptor || redirection.Descriptor == -1),
        Pipeline { Stages: [var only] } => Holds(only, descriptor, output),
        _ => true,
    };

    private async Task RefuseAsync(CancellationToken cancellation)
    {
        await commands.Streams.Error.WriteAsync($"{state.Where}fork: retry: Resource temporarily unavailable\n", cancellation);
        state.Status = 254;
    }

    private async Task RunAsync(Job job, Command command, ShellState copy, Interpreter shell, CancellationTokenSource stop)
    {
        // The shell that begins it has the turn, so it waits here, behind those that began before it.
        job.Enter();
        bool isInside = false;
        using IDisposable entry = state.Budget.Shells.Begin(job.Process, copy, job.Kill);
        try
        {
            await state.Turns.EnterAsync(stop.Token);
            isInside = true;
            job.Status = await SubshellRunner.RunAsync(shell, copy, command, stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or BrokenPipeException or WriteErrorException or IOException)
        {
            // Stopped, or nobody is there any more.
            job.Status = 128 + Math.Max(job.Signal, 1);
        }
        finally
        {
            job.IsDone = true;
            _ = state.Traps.TryReceive(Traps.ChildEnded);
            state.Turns.End(job);
            if (!job.IsLeftBehind)
            {
                state.Visit.Memory.Processes.End(job.Process);
            }

            if (isInside)
            {
                state.Turns.Leave();
            }
            else
            {
                shell.ReleaseStreams();
            }

            stop.Dispose();
        }
    }
}
