using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>What happens beside the commands of a shell: traps, signals that came, and failures that end it.</summary>
internal sealed class EventRunner(ShellState state, ControlFlow flow, Interpreter shell)
{
    /// <summary>"!" stands before this command: it may fail, but not what it is made of.</summary>
    public Command? NegatedStage { get; set; }

    /// <summary>What "!" turned into a failure is none for -e.</summary>
    public bool WasNegated { get; set; }

    /// <summary>Runs what is set for a signal or an event of the shell; the status stays as it was.</summary>
    public async Task RunTrapAsync(int signal, CancellationToken cancellation)
    {
        if (state.Traps.Get(signal) is not { Length: > 0 } trap)
        {
            return;
        }

        // It does not run within itself.
        int status = state.Status, line = state.Line;
        if (signal > 64)
        {
            state.Traps.Set(signal, null);
        }

        (int, int)? outer = state.Traps.Running;
        state.Traps.Running = (signal, status);
        (int, int) jump = flow.Suspend();
        state.TraceDepth++;
        await shell.RunTextAsync(trap, cancellation, "trap", signal > 64 ? line : 1);
        state.TraceDepth--;
        state.Traps.Running = outer;
        if (signal > 64 && state.Traps.Get(signal) is null)
        {
            state.Traps.Set(signal, trap);
        }

        if (!flow.IsJumping)
        {
            state.Status = status;
        }

        flow.Resume(jump);
        state.Line = line;
    }

    /// <summary>A command has ended: signals that came are handled, and its failure is looked at (-e, ERR).</summary>
    public async Task AfterAsync(Command command, bool hadTrap, CancellationToken cancellation)
    {
        while (state.Traps.Pending.TryDequeue(out int signal))
        {
            await HandleAsync(signal, cancellation);
        }

        bool negated = WasNegated || ReferenceEquals(command, NegatedStage);
        WasNegated = false;
        if (state.Status == 0 || state.IgnoresErrors > 0 || flow.IsJumping || negated)
        {
            return;
        }

        if (hadTrap)
        {
            await RunTrapAsync(Traps.Error, cancellation);
        }

        if (state.Has("errexit"))
        {
            flow.Exit();
        }
    }

    private async Task HandleAsync(int signal, CancellationToken cancellation)
    {
        if (state.Traps.Get(signal) is not null)
        {
            await RunTrapAsync(signal, cancellation);
        }
        else if (!state.IsInteractive || signal is 9 or 1)
        {
            state.Status = 128 + signal;
            state.Traps.Fatal = signal;
            if (signal == 9)
            {
                state.Traps.Set(0, null);
            }

            flow.Exit();
        }
    }
}
