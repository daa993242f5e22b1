using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs commands in the background, each in a copy of the shell, one at a time with all others of the session.</summary>
internal sealed class JobRunner(ShellState state, ICommandRunner commands)
{
    public async Task StartAsync(Command command, string text, CancellationToken cancellation)
    {
        Jobs jobs = state.Jobs;
        int process = state.Visit.ShellProcess + (state.Visit.Memory.NextProcess() * 3) + 1;
        state.LastJob = process;

        // Only what the shell itself reads from its peer is not for a job.
        ShellStreams streams = commands.Streams.Input.IsPeer || !state.IsInteractive ? commands.Streams with { Input = ShellInput.Empty } : commands.Streams;
        // It ends with the session, not with the command line that began it.
        CancellationTokenSource stop = new();
        Job job = new(jobs.NextNumber, process, text, stop) { HoldsPeer = streams.Output is PeerOutput || streams.Error is PeerOutput };
        if (!state.Turns.TryBegin(job))
        {
            stop.Dispose();
            await commands.Streams.Error.WriteAsync($"{state.Where}fork: retry: Resource temporarily unavailable\n", cancellation);
            state.Status = 254;
            return;
        }

        jobs.Add(job);
        if (state.IsInteractive)
        {
            await commands.Streams.Error.WriteAsync(FormattableString.Invariant($"[{job.Number}] {process}\n"), cancellation);
        }

        ShellState copy = state.Copy();
        job.Task = RunAsync(job, command, copy, streams, stop);
        state.Status = 0;
    }

    private async Task RunAsync(Job job, Command command, ShellState copy, ShellStreams streams, CancellationTokenSource stop)
    {
        // The shell that begins it has the turn, so it waits here, behind those that began before it.
        bool isInside = false;
        try
        {
            await state.Turns.EnterAsync(stop.Token);
            isInside = true;
            job.Status = await SubshellRunner.RunCopyAsync(copy, command, streams, stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or BrokenPipeException or WriteErrorException or IOException)
        {
            // Stopped, or nobody is there any more.
            job.Status = 128 + Math.Max(job.Signal, 1);
        }
        finally
        {
            job.IsDone = true;
            state.Turns.End(job);
            if (isInside)
            {
                state.Turns.Leave();
            }

            stop.Dispose();
        }
    }
}
