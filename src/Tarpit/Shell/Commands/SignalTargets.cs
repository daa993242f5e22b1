using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What a signal does to a process of the machine.</summary>
internal static class SignalTargets
{
    private const int Terminate = 15;

    /// <summary>False: the sender may not.</summary>
    public static bool TrySend(Invocation i, RunningProcess process, bool isFatal = true)
    {
        if (i.State.Visit.UserId != 0 && !string.Equals(process.User, i.State.Visit.UserName, StringComparison.Ordinal))
        {
            return false;
        }

        if (isFatal)
        {
            i.State.Turns.Running.FirstOrDefault(job => job.Process == process.Id)?.Kill(Terminate);
            i.State.Visit.Memory.Processes.End(process.Id);
        }

        return true;
    }
}
