using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell;

/// <summary>What runs on the machine, as one visit sees it.</summary>
internal static class Processes
{
    /// <summary>By their numbers.</summary>
    /// <param name="hasTerminal">Not used: each session is listed as it was begun.</param>
    public static IReadOnlyList<RunningProcess> List(Visit visit, bool hasTerminal = true) => visit.Memory.Processes.All;
}
