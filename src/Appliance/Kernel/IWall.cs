using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>The standing wall, as the rest of the appliance sees it: what it is, and what it counted.</summary>
public interface IWall
{
    WallStatus Status { get; }

    /// <summary>Sums over all possible CPUs at this moment.</summary>
    WallCounters ReadCounters();

    /// <summary>
    /// What the kernel holds for this scope; false: nothing. For a prefix that it does not hold, the answer is the next wider one that it does.
    /// </summary>
    bool TryRead(Prefix scope, out KernelEntry entry);
}
