using Blackwall.Behavior.Statistics;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Tells check-ins from chance by several statistics at once, for each alone is fooled: the variation is blind once check-ins get lost, the
/// robust spread is perfect on NTP. Timing is judged at several scales, since one check-in may be several connections.
/// </summary>
internal static class BeaconMeasure
{
    public const int FewestCheckIns = 10;

    // Flows closer together than this are one check-in, at each scale; milliseconds.
    private static readonly uint[] BurstGaps = [0, 1000, 2500, 5000, 20_000];

    private const uint ShortestPeriod = 250;
    private const int Tolerated = 120;

    /// <summary>The scale that looks most like a beacon; score 0: none does.</summary>
    /// <param name="starts">Times of flows in their order, milliseconds modulo 2^32; at most <see cref="Pair.StartRing.Length"/>.</param>
    /// <param name="sizes">Bytes sent by flows; empty: not known.</param>
    /// <param name="durations">How long flows took, hundredths of a second; 0: not known.</param>
    public static BeaconVerdict Measure(ReadOnlySpan<uint> starts, ReadOnlySpan<ushort> sizes, ReadOnlySpan<ushort> durations)
    {
        Span<uint> gaps = stackalloc uint[Pair.StartRing.Length];
        Span<uint> room = stackalloc uint[Pair.StartRing.Length];
        BeaconVerdict best = default;
        int last = -1;
        foreach (uint burst in BurstGaps)
        {
            int count = Collapse(starts, burst, gaps);
            if (count + 1 < FewestCheckIns)
            {
                break;
            }

            if (count == last)
            {
                continue;
            }

            last = count;
            GapStatistics statistics = GapStatistics.From(gaps[..count], room);
            int score = Timing(in statistics, burst);
            if (score > best.Score)
            {
                best = new BeaconVerdict(score, count + 1, statistics);
            }
        }

        return best.Score == 0 ? best : best with { Score = Lasting(Weighed(best.Score, sizes, room), durations, room) };
    }

    /// <summary>The least number of check-ins: a few may be regular by chance.</summary>
    public static int Needed(int checkIns, int threshold) => threshold + (2000 / checkIns);

    private static int Collapse(ReadOnlySpan<uint> starts, uint burst, Span<uint> gaps)
    {
        int count = 0;
        uint first = starts[0];
        uint newest = first;
        foreach (uint start in starts[1..])
        {
            // Events of several CPUs may come a little out of order.
            uint since = (int)(start - newest) > 0 ? start - newest : 0;
            newest += since;
            if (since > burst)
            {
                gaps[count++] = newest - first;
                first = newest;
            }
        }

        return count;
    }

    private static int Timing(in GapStatistics gaps, uint burst)
    {
        if (gaps.Period < ShortestPeriod || gaps.Period < 3 * burst)
        {
            return 0;
        }

        // Too many gaps that no jitter and no loss explains: chance.
        int shorts = 1000 - (int)gaps.Short * 4;
        int longs = 1000 - (int)gaps.Long * 4;
        int solid = Math.Min(shorts, longs);
        if (solid < 1000 - (4 * Tolerated))
        {
            return 0;
        }

        int spread = gaps.Median == 0 ? 0 : 1000 - (int)Math.Min(1000, gaps.MedianDeviation * 1000UL / gaps.Median);
        int skew = 1000 - Math.Abs(gaps.Skew);
        int fold = 1000 - (int)Math.Min(1000, gaps.Misfit * 4);
        return ((3 * spread) + skew + (2 * fold) + (4 * solid)) / 10;
    }

    // The payload sizes of check-ins are alike; those of a person are not. Sizes alone are no sign: every health check has equal ones.
    private static int Weighed(int timing, ReadOnlySpan<ushort> sizes, Span<uint> room)
    {
        if (sizes.Length < FewestCheckIns / 2)
        {
            return timing;
        }

        int regular = Regularity(sizes, room);

        // Equal sizes add little to regular timing; unequal ones take much from it.
        return Math.Min(((4 * timing) + regular) / 5, (timing + regular) / 2);
    }

    // The duration of a check-in depends on the server and the path as much as on the program: it has little weight.
    private static int Lasting(int score, ReadOnlySpan<ushort> durations, Span<uint> room)
    {
        const int most = 25;
        if (durations.Length < FewestCheckIns / 2 || durations.Contains((ushort)0))
        {
            return score;
        }

        return Math.Clamp(score + ((Regularity(durations, room) - 500) * most / 500), 0, 1000);
    }

    /// <summary>1000: all alike; 0: a usual one is as far from the median as that is from nothing.</summary>
    private static int Regularity(ReadOnlySpan<ushort> values, Span<uint> room)
    {
        Span<uint> sorted = stackalloc uint[Pair.SizeRing.Length];
        for (int i = 0; i < values.Length; i++)
        {
            sorted[i] = values[i];
        }

        GapStatistics statistics = GapStatistics.From(sorted[..values.Length], room);
        return statistics.Median == 0 ? 1000 : 1000 - (int)Math.Min(1000, statistics.MedianDeviation * 1000UL / statistics.Median);
    }
}
