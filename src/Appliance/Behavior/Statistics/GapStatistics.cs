namespace Blackwall.Behavior.Statistics;

/// <summary>
/// What the gaps between the check-ins of a pair look like: place, robust spread, skew, and how well they are multiples of one period.
/// Integers throughout; gaps in any unit, shares in thousandths.
/// </summary>
internal readonly record struct GapStatistics
{
    private const uint LongestMultiple = 4;

    // 1000 / sqrt(k): the jitter of k periods in a row adds up like their root.
    private static readonly uint[] InverseRoots = [0, 1000, 707, 577, 500];

    public int Count { get; private init; }

    public uint Mean { get; private init; }

    public uint Deviation { get; private init; }

    public uint Median { get; private init; }

    /// <summary>Median of the distances from the median.</summary>
    public uint MedianDeviation { get; private init; }

    /// <summary>Bowley's skewness, -1000..1000: (Q1 + Q3 - 2 median) / (Q3 - Q1).</summary>
    public int Skew { get; private init; }

    /// <summary>The period of which most gaps are a small multiple.</summary>
    public uint Period { get; private init; }

    /// <summary>Gaps shorter than half the period, in thousandths. Jitter makes few of them, chance makes many.</summary>
    public uint Short { get; private init; }

    /// <summary>Gaps longer than four and a half periods, in thousandths. Some lost check-ins make few of them, chance makes many.</summary>
    public uint Long { get; private init; }

    /// <summary>Mean distance of the others from their multiple of the period, in thousandths of it; chance gives 250.</summary>
    public uint Misfit { get; private init; }

    /// <summary>Standard deviation over mean, in thousandths.</summary>
    public uint Variation => Mean == 0 ? 0 : (uint)((ulong)Deviation * 1000 / Mean);

    /// <param name="gaps">At least one; sorted in place.</param>
    /// <param name="room">As long as <paramref name="gaps"/>; overwritten.</param>
    public static GapStatistics From(Span<uint> gaps, Span<uint> room)
    {
        gaps.Sort();
        uint median = Quantile(gaps, 500);
        for (int i = 0; i < gaps.Length; i++)
        {
            room[i] = gaps[i] > median ? gaps[i] - median : median - gaps[i];
        }

        room[..gaps.Length].Sort();
        uint spread = Quantile(room[..gaps.Length], 500);
        uint lower = Quantile(gaps, 250);
        uint upper = Quantile(gaps, 750);
        (uint mean, uint deviation) = Moments(gaps);
        uint period = PeriodOf(gaps);
        (uint shorts, uint longs, uint misfit) = Fold(gaps, period);
        return new GapStatistics
        {
            Count = gaps.Length,
            Mean = mean,
            Deviation = deviation,
            Median = median,
            MedianDeviation = spread,
            Skew = upper == lower ? 0 : (int)(((long)lower + upper - (2L * median)) * 1000 / (upper - lower)),
            Period = period,
            Short = shorts,
            Long = longs,
            Misfit = misfit,
        };
    }

    /// <summary>Between the two nearest ranks, by linear interpolation.</summary>
    /// <param name="sorted">At least one.</param>
    /// <param name="thousandths">0..1000.</param>
    public static uint Quantile(ReadOnlySpan<uint> sorted, int thousandths)
    {
        long place = (long)(sorted.Length - 1) * thousandths;
        int at = (int)(place / 1000);
        uint low = sorted[at];
        uint high = sorted[Math.Min(at + 1, sorted.Length - 1)];
        return low + (uint)((high - low) * (ulong)(place % 1000) / 1000);
    }

    private static (uint Mean, uint Deviation) Moments(ReadOnlySpan<uint> gaps)
    {
        ulong sum = 0;
        UInt128 squares = 0;
        foreach (uint gap in gaps)
        {
            sum += gap;
            squares += (UInt128)gap * gap;
        }

        // n * sum of squares - square of sums: exact, so nothing cancels (Welford's reason) before the root.
        uint count = (uint)gaps.Length;
        UInt128 scaled = (squares * count) - ((UInt128)sum * sum);
        return ((uint)(sum / count), (uint)(FixedPoint.Sqrt(scaled) / count));
    }

    // Lost check-ins make gaps of two and three periods, so the median lies too high. The lower fifth is a single period; its neighbours
    // up to half as much again are single ones too.
    private static uint PeriodOf(ReadOnlySpan<uint> sorted)
    {
        uint guess = Quantile(sorted, 200);
        for (int round = 0; round < 2; round++)
        {
            ulong least = round == 0 ? 0 : guess / 2;
            ulong most = round == 0 ? (ulong)guess * 8 / 5 : (ulong)guess * 3 / 2;
            int from = 0;
            while (from < sorted.Length - 1 && sorted[from] < least)
            {
                from++;
            }

            int to = from + 1;
            while (to < sorted.Length && sorted[to] <= most)
            {
                to++;
            }

            guess = Quantile(sorted[from..to], 500);
        }

        return guess;
    }

    private static (uint Short, uint Long, uint Misfit) Fold(ReadOnlySpan<uint> gaps, uint period)
    {
        if (period == 0)
        {
            return (1000, 0, 250);
        }

        uint shorts = 0, longs = 0, folded = 0;
        ulong misfits = 0;
        foreach (uint gap in gaps)
        {
            ulong multiple = ((ulong)gap + (period / 2)) / period;
            if (multiple == 0)
            {
                shorts++;
            }
            else if (multiple > LongestMultiple)
            {
                longs++;
            }
            else
            {
                ulong right = multiple * period;
                ulong distance = gap > right ? gap - right : right - gap;
                misfits += distance * InverseRoots[(int)multiple] / period;
                folded++;
            }
        }

        uint count = (uint)gaps.Length;
        return (shorts * 1000 / count, longs * 1000 / count, folded == 0 ? 250 : (uint)(misfits / folded));
    }
}
