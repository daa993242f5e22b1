using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Syntax;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Programs, pipelines and subshells that a prompt runs: each is a job of its own while it has the terminal, so that ^Z stops it and fg takes it up.</summary>
internal sealed class ForegroundJobs(ShellState state, ControlFlow flow, ICommandRunner commands)
{
    private const int Interrupt = 2, Quit = 3;

    /// <summary>Whether this shell has job control at a terminal.</summary>
    public bool Apply => state is { IsInteractive: true, Subshells: 0, Io: Keyboard } && state.Has("monitor");

    public Task RunAsync(Invocation program, CancellationToken cancellation) =>
        RunAsync(state.Current, state.Copy(), program.Streams, (shell, _, token) => shell.CallProgramAsync(program.Name, program.Arguments, program.Streams, token, program.CalledAs), cancellation);

    public Task RunAsync(Pipeline pipeline, ShellStreams streams, CancellationToken cancellation) =>
        RunAsync(pipeline, state.Copy(deeper: 0), streams, (shell, copy, token) => new PipelineRunner(copy, shell, jobs: null).RunAsync(pipeline, token), cancellation);

    public async Task RunAsync(Group subshell, ShellStreams streams, CancellationToken cancellation)
    {
        state.Line = subshell.Line;
        await RunAsync(subshell, state.Copy(), streams, (shell, copy, token) => SubshellRunner.RunToEndAsync(shell, copy, subshell.Body, token), cancellation);
        state.PipeStatus = [state.Status];
    }

    // Runs a body in a copy of the shell, and waits until it has ended or is stopped.
    private async Task RunAsync(Command? command, ShellState copy, ShellStreams streams, Func<Interpreter, ShellState, CancellationToken, Task> body, CancellationToken cancellation)
    {
        CancellationTokenSource stop = new();
        Job job = new(state.Jobs.NextNumber, state.Visit.Memory.Processes.NextId(), "", stop) { Source = command, IsForeground = true };
        if (!state.Turns.TryBegin(job))
        {
            stop.Dispose();
            await commands.Streams.Error.WriteAsync($"{state.Where}fork: retry: Resource temporarily unavailable\n", cancellation);
            state.Status = 254;
            return;
        }

        copy.OwnProcess = job.Process;
        job.Task = RunAsync(job, SubshellRunner.Begin(copy, streams), copy, body, stop);
        await WaitAsync(job, cancellation);
        if (!job.IsStopped)
        {
            Take(copy, job.Status);
        }
    }

    /// <summary>Waits for a job that has the terminal now. The shell's status is its own, or that it was stopped.</summary>
    public async Task WaitAsync(Job job, CancellationToken cancellation)
    {
        Job? before = state.Jobs.Foreground;
        state.Jobs.Foreground = job;
        try
        {
            await state.Turns.OutsideAsync(() => job.WaitForChangeAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            job.Kill(1);
            throw;
        }
        finally
        {
            state.Jobs.Foreground = before;
        }

        if (job.IsStopped)
        {
            await KeepAsync(job, cancellation);
            return;
        }

        job.IsKnown = true;
        state.Jobs.Remove(job);
        state.Status = job.Status;
        if (job.Signal == Interrupt && state.Traps.Get(Interrupt) is null)
        {
            throw new OperationCanceledException();
        }

        if (job.Signal != 0)
        {
            string name = job.Signal == Quit ? "Quit (core dumped)" : job.Signal == Interrupt ? "" : Traps.Describe(job.Signal);
            await state.Io.WriteAsync(System.Text.Encoding.Latin1.GetBytes(name + "\r\n"), cancellation);
        }
    }

    private async Task KeepAsync(Job job, CancellationToken cancellation)
    {
        Keyboard keyboard = (Keyboard)state.Io;
        job.Keys = keyboard.Use.IsRaw ? keyboard.Use : null;
        (job.IsStopKnown, state.Status) = (true, 128 + job.StopSignal);
        if (!state.Jobs.All.Contains(job))
        {
            state.Visit.Memory.Processes.Add(new RunningProcess(job.Process, state.Visit.ShellProcess, state.Visit.UserName, state.Visit.TerminalName, state.Visit.Machine.Now, job.Text, Memory: 2100) { Folder = state.Folder, IsStopped = true });
        }

        state.Jobs.Add(job);
        if (flow.Loops > 0)
        {
            flow.Break(int.MaxValue);
        }

        await state.Io.WriteAsync(System.Text.Encoding.Latin1.GetBytes("\r\n" + JobBuiltins.Line(state.Jobs, job, isLong: false, state.IsDash).Replace("\n", "\r\n", StringComparison.Ordinal)), cancellation);
    }

    private void Take(ShellState copy, int status)
    {
        (state.Status, state.PipeStatus, state.Hashed) = (status, copy.PipeStatus, copy.Hashed);
    }

    // The shell that begins it has the turn, so it waits here.
    private async Task RunAsync(Job job, Interpreter shell, ShellState copy, Func<Interpreter, ShellState, CancellationToken, Task> body, CancellationTokenSource stop)
    {
        job.Enter();
        bool isInside = false;
        try
        {
            await state.Turns.EnterAsync(stop.Token);
            isInside = true;
            await body(shell, copy, stop.Token);
            job.Status = copy.Status;
        }
        catch (BrokenPipeException)
        {
            job.Status = 141;
        }
        catch (ShellErrorException e)
        {
            job.Status = e.Exits ?? 1;
        }
        catch (Exception e) when (e is OperationCanceledException or WriteErrorException or IOException)
        {
            // Stopped, or nobody is there any more.
            job.Status = job.Signal == 0 ? 1 : 128 + job.Signal;
        }
        finally
        {
            job.IsDone = true;
            state.Turns.End(job);
            state.Visit.Memory.Processes.End(job.Process);
            shell.ReleaseStreams();
            if (isInside)
            {
                state.Turns.Leave();
            }

            stop.Dispose();
        }
    }
}
