using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// What a command line may cost. Within the budget it runs as fast as the session's share of a processor lets it; beyond it each step waits, so that an endless
/// loop runs on, as on a real machine, and uses next to no CPU. Steps also are where the session gives way: what takes long between two of them, its scheduler makes up for.
/// </summary>
/// <param name="memory">What the shells of the session hold together.</param>
internal sealed class Budget(TimeProvider time, SessionScheduler scheduler, SessionMemory memory)
{
    private const int FreeSteps = 1_000_000;
    private const int StepsBetween = 50;
    private const int MostNested = 2500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long _steps;
    private int _nested;

    public Turns Turns { get; } = new();

    public ShellProcesses Shells { get; } = new();

    public SessionMemory Memory => memory;

    /// <summary>Steps since the command line began.</summary>
    public long Steps => _steps;

    /// <summary>Processor time that the session has used.</summary>
    public TimeSpan Used => scheduler.Used;

    /// <summary>A new command line begins.</summary>
    public void Reset() => _steps = 0;

    /// <summary>Work within one step that counts as many.</summary>
    public void Charge(long steps) => _steps += steps;

    /// <summary>A command goes deeper, and ends with <see cref="LeaveNested"/> in any case. False: there are too many levels in all jobs of the session, each of which needs memory.</summary>
    public bool TryNest(int levels = 1) => Interlocked.Add(ref _nested, levels) <= MostNested;

    public void LeaveNested(int levels = 1) => Interlocked.Add(ref _nested, -levels);

    /// <summary>Within long work that counts as one step: others have their turn when it is time.</summary>
    public ValueTask GiveWayAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return scheduler.IsSliceOver || Job.IsCurrentStopped ? YieldAsync() : ValueTask.CompletedTask;
    }

    /// <summary>One step; jobs of the session that wait have their turn now and then.</summary>
    public async ValueTask StepAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++_steps > FreeSteps && _steps % StepsBetween == 0)
        {
            await Turns.OutsideAsync(() => Task.Delay(Pause, time, cancellation));
        }
        else if (_steps % 500 == 0 || scheduler.IsSliceOver || Job.IsCurrentStopped)
        {
            await YieldAsync();
        }
    }

    // Lets other sessions run, and other jobs of this one.
    private async ValueTask YieldAsync()
    {
        await Task.Yield();
        await Turns.YieldAsync();
    }
}
