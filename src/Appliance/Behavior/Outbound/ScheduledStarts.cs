using Blackwall.Behavior.Statistics;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Recognises schedulers. cron and timer units start jobs at the beginning of a minute of the clock and never drift. A program that sleeps between check-
/// ins begins at any second, and each check-in delays the next.
/// </summary>
internal static class ScheduledStarts
{
    private const uint Minute = 60_000;

    // cron looks once a minute and takes some seconds to start everything.
    private const uint Begins = 4_000;

    // Clocks of two machines, both set over the network, may differ by as much.
    private const uint Before = 200;

    // A scheduler starts many things at once, and never to the millisecond.
    private const uint LeastSpread = 5;

    /// <summary>Whether nine in ten began with a minute of the clock, at least twenty minutes of it from first to last.</summary>
    /// <param name="starts">Milliseconds of event time modulo 2^32, in their order.</param>
    /// <param name="gaps">Between them, milliseconds.</param>
    /// <param name="now">Event time, nanoseconds since 1970.</param>
    public static bool IsKept(ReadOnlySpan<uint> starts, in GapStatistics gaps, ulong now)
    {
        if (starts.IsEmpty || gaps.Period < Minute - (Minute / 20) || gaps.MedianDeviation < LeastSpread || starts[^1] - starts[0] < 20 * Minute)
        {
            return false;
        }

        ulong milliseconds = now / 1_000_000;
        int kept = 0;
        foreach (uint start in starts)
        {
            ulong whole = milliseconds - ((uint)milliseconds - start);
            kept += (whole + Before) % Minute < Begins + Before ? 1 : 0;
        }

        return kept * 10 >= starts.Length * 9;
    }
}
