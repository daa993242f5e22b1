using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs pipelines: each stage is a process of its own that has its turn while the others wait for one another.</summary>
internal sealed class PipelineRunner(ShellState state, ICommandRunner commands, ForegroundJobs? jobs)
{
    public async Task RunAsync(Pipeline pipeline, CancellationToken cancellation)
    {
        if (jobs is { Apply: true })
        {
            await jobs.RunAsync(pipeline, commands.Streams, cancellation);
            return;
        }

        IReadOnlyList<Command> stages = pipeline.Stages;
        int processes = state.Has("lastpipe") && !state.IsInteractive ? stages.Count - 1 : stages.Count;
        if (!state.Turns.TryBeginProcesses(processes))
        {
            await commands.Streams.Error.WriteAsync($"{state.Where}fork: retry: Resource temporarily unavailable\n", cancellation);
            state.Status = 254;
            return;
        }

        ShellInput input = commands.Streams.Input;
        (ShellState State, Interpreter Shell)[] shells = new (ShellState, Interpreter)[processes];
        for (int i = 0; i < processes; i++)
        {
            Pipe? pipe = i < stages.Count - 1 ? new Pipe(state.Turns) : null;
            ShellState copy = state.Copy();
            copy.IsReplaced = stages[i] is SimpleCommand { Words: [var first, ..] } && !state.Functions.ContainsKey(first.Text);
            shells[i] = (copy, SubshellRunner.Begin(copy, commands.Streams with { Input = input, Output = pipe?.Writer ?? commands.Streams.Output }));
            input = pipe?.Reader ?? input;
        }

        bool keepsLast = processes < stages.Count;
        if (keepsLast)
        {
            input.Share();
        }

        PipelineProcesses all = new(state, stages);
        Task<int>[] running = [.. shells.Select((shell, i) => RunStageAsync(shell.State, shell.Shell, stages[i], all, i, cancellation))];
        if (keepsLast)
        {
            try
            {
                await commands.RunWithAsync(stages[^1], commands.Streams with { Input = input }, cancellation);
            }
            finally
            {
                input.Release();
            }
        }

        int[] statuses = [];
        await state.Turns.OutsideAsync(async () => statuses = await Task.WhenAll(running));
        state.PipeStatus = keepsLast ? [.. statuses, state.Status] : statuses;
        state.Status = state.Has("pipefail") ? state.PipeStatus.LastOrDefault(status => status != 0) : state.PipeStatus[^1];
    }

    // The shell that begins it has the turn, so it waits here, behind those that began before it.
    private async Task<int> RunStageAsync(ShellState copy, Interpreter shell, Command command, PipelineProcesses all, int stage, CancellationToken cancellation)
    {
        try
        {
            await state.Turns.EnterAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            shell.ReleaseStreams();
            state.Turns.EndProcess();
            throw;
        }

        all.Enter(stage);
        try
        {
            return await SubshellRunner.RunAsync(shell, copy, command, cancellation);
        }
        finally
        {
            all.End(stage);
            state.Turns.EndProcess();
            state.Turns.Leave();
        }
    }
}
