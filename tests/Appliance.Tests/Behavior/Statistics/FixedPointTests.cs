using Blackwall.Behavior.Statistics;
using Xunit;

namespace Blackwall.Tests.Behavior.Statistics;

public sealed class FixedPointTests
{
    [Fact]
    public void Logarithms_equal_the_floating_ones_within_a_thousandth()
    {
        Random dice = new(1);
        for (int i = 0; i < 100_000; i++)
        {
            ulong value = (ulong)dice.NextInt64(2, long.MaxValue) >> dice.Next(60);
            if (value >= 2)
            {
                Assert.Equal(Math.Log2(value), FixedPoint.Log2(value) / (double)FixedPoint.One, 0.001);
            }
        }

        Assert.Equal(0u, FixedPoint.Log2(0));
        Assert.Equal(0u, FixedPoint.Log2(1));
    }

    [Fact]
    public void Roots_are_the_largest_integers_whose_square_fits()
    {
        Random dice = new(2);
        for (int i = 0; i < 100_000; i++)
        {
            UInt128 value = new((ulong)dice.NextInt64() >> dice.Next(64), (ulong)dice.NextInt64() >> dice.Next(64));
            UInt128 root = FixedPoint.Sqrt(value);
            Assert.True(root * root <= value);
            Assert.True((root + 1) * (root + 1) > value || root == ulong.MaxValue);
        }
    }

    [Fact]
    public void Decay_equals_the_floating_half_life_within_a_hundredth()
    {
        Random dice = new(3);
        for (int i = 0; i < 100_000; i++)
        {
            uint value = (uint)dice.Next(1000, 4000), half = (uint)dice.Next(1, 100_000), elapsed = (uint)dice.Next(0, 300_000);
            double expected = value * Math.Pow(0.5, elapsed / (double)half);
            Assert.Equal(expected, FixedPoint.Decay(value, elapsed, half), (expected * 0.01) + 1);
        }
    }
}
