using Blackwall.Client;

namespace Blackwall.Tui.Live;

/// <summary>How long to wait before asking again: 1, 2, 4, 8, 15 seconds, or what the appliance said.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(15);

    /// <param name="failures">In a row, from 1.</param>
    /// <param name="failure">The last of them.</param>
    public static TimeSpan After(int failures, Failure? failure)
    {
        TimeSpan pause = failures > 4 ? Most : TimeSpan.FromSeconds(1 << (failures - 1));

        // A wrong key that is sent again and again gets its address locked out.
        pause = failure?.Kind is FailureKind.NoKey ? Most : pause;
        return failure?.RetryAfter is { } asked && asked > pause ? asked : pause;
    }
}
