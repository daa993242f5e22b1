namespace Blackwall.Tui.Overview;

/// <summary>What became of packets.</summary>
internal enum RateKind
{
    Seen,
    Passed,
    Dropped,

    /// <summary>Over a limit, or answered with a challenge.</summary>
    Limited,
    Redirected,

    /// <summary>Passed by a wall that only observes, and would not have been by one that enforces.</summary>
    WouldStop,
}
