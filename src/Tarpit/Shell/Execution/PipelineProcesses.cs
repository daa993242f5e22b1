using Blackwall.Tarpit.Shell.Syntax;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>The stages of a pipeline as processes, for who looks from within one of them: "ps | grep x" shows the grep. They get numbers when somebody looks.</summary>
internal sealed class PipelineProcesses
{
    private readonly Lazy<RunningProcess>[] _stages;
    private readonly bool[] _hasEnded;

    public PipelineProcesses(ShellState state, IReadOnlyList<Command> stages)
    {
        _hasEnded = new bool[stages.Count];
        _stages = [.. stages.Select(stage => new Lazy<RunningProcess>(() => Make(state, stage)))];
    }

    /// <summary>From here on this stage runs.</summary>
    public void Enter(int stage) => AskingProcess.Join(() => _stages.Where((_, other) => other != stage && !_hasEnded[other]).Select(other => other.Value));

    public void End(int stage) => _hasEnded[stage] = true;

    private static RunningProcess Make(ShellState state, Command stage)
    {
        RunningProcess made = JobProcess.Of(state, stage, state.Visit.Memory.NextProcess());
        return made with { Parent = state.OwnProcess ?? made.Parent, IsForeground = made.Terminal is not "?" && state.IsInteractive };
    }
}
