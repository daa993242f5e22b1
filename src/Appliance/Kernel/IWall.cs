namespace Blackwall.Kernel;

/// <summary>The standing wall, as the rest of the appliance sees it: what it is, and what it counted.</summary>
public interface IWall
{
    WallStatus Status { get; }

    /// <summary>Sums over all possible CPUs at this moment.</summary>
    WallCounters ReadCounters();
}
