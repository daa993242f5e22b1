using Blackwall.Behavior.Statistics;
using Xunit;

namespace Blackwall.Tests.Behavior.Statistics;

/// <summary>Held against a floating reference that is written from the definitions.</summary>
public sealed class GapStatisticsTests
{
    public static TheoryData<string> Shapes => ["uniform", "exponential", "lognormal", "constant", "two humps", "heavy", "huge"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_statistic_equals_the_floating_one_within_a_hundredth(string shape)
    {
        Random dice = new(shape.Length);
        for (int round = 0; round < 500; round++)
        {
            uint[] gaps = [.. Enumerable.Range(0, dice.Next(8, 128)).Select(_ => Gap(dice, shape))];
            double[] sorted = [.. gaps.Select(g => (double)g).Order()];
            GapStatistics ours = GapStatistics.From(gaps, new uint[gaps.Length]);

            double mean = sorted.Average(), median = Quantile(sorted, 0.5), q1 = Quantile(sorted, 0.25), q3 = Quantile(sorted, 0.75);
            double deviation = Math.Sqrt(sorted.Average(g => (g - mean) * (g - mean)));
            double spread = Quantile([.. sorted.Select(g => Math.Abs(g - median)).Order()], 0.5);
            AssertNear(mean, ours.Mean);
            AssertNear(deviation, ours.Deviation);
            AssertNear(median, ours.Median);
            AssertNear(spread, ours.MedianDeviation);
            Assert.Equal(q3 == q1 ? 0 : (q1 + q3 - (2 * median)) / (q3 - q1) * 1000, ours.Skew, Math.Max(10, 4000 / Math.Max(1, q3 - q1)));
            Assert.Equal(deviation / mean * 1000, ours.Variation, (deviation / mean * 10) + 2);
            AssertFold(sorted, ours);
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.1, 0.3)]
    [InlineData(0.3, 0.3)]
    public void The_period_is_found_though_check_ins_jitter_and_get_lost(double jitter, double loss)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random dice = new(seed);
            List<uint> gaps = [];
            double since = 0;
            while (gaps.Count < 60)
            {
                since += 60_000 * (1 + (jitter * ((2 * dice.NextDouble()) - 1)));
                if (dice.NextDouble() >= loss)
                {
                    gaps.Add((uint)since);
                    since = 0;
                }
            }

            GapStatistics ours = GapStatistics.From(gaps.ToArray(), new uint[gaps.Count]);
            Assert.InRange(ours.Period, 48_000u, 75_000u);
            Assert.True(ours.Short <= 20);
        }
    }

    private static void AssertFold(double[] sorted, GapStatistics ours)
    {
        double period = ours.Period, shorts = 0, longs = 0, misfit = 0, folded = 0;
        foreach (double gap in sorted)
        {
            double multiple = Math.Floor((gap + Math.Floor(period / 2)) / period);
            if (multiple == 0)
            {
                shorts++;
            }
            else if (multiple > 4)
            {
                longs++;
            }
            else
            {
                misfit += Math.Abs(gap - (multiple * period)) / period / Math.Sqrt(multiple);
                folded++;
            }
        }

        Assert.Equal(shorts / sorted.Length * 1000, ours.Short, 1.0);
        Assert.Equal(longs / sorted.Length * 1000, ours.Long, 1.0);
        Assert.Equal(folded == 0 ? 250 : misfit / folded * 1000, ours.Misfit, 2.5);
    }

    private static void AssertNear(double expected, double actual) => Assert.Equal(expected, actual, (expected * 0.01) + 1);

    private static double Quantile(double[] sorted, double part)
    {
        double place = (sorted.Length - 1) * part;
        int at = (int)place;
        return sorted[at] + ((sorted[Math.Min(at + 1, sorted.Length - 1)] - sorted[at]) * (place - at));
    }

    private static uint Gap(Random dice, string shape) => (uint)Math.Min(uint.MaxValue, 500 + (shape switch
    {
        "uniform" => dice.NextDouble() * 60_000,
        "exponential" => -60_000 * Math.Log(1 - dice.NextDouble()),
        "lognormal" => Math.Exp(10 + (2 * (dice.NextDouble() + dice.NextDouble() + dice.NextDouble() - 1.5))),
        "constant" => 60_000,
        "two humps" => dice.Next(3) == 0 ? 120_000 : 60_000,
        "heavy" => 1000 / Math.Pow(1 - dice.NextDouble(), 1.2),
        _ => 3e9 * dice.NextDouble(),
    }));
}
