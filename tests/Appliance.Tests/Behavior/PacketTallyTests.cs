using Blackwall.Behavior.Memory;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>A count in two bytes.</summary>
public sealed class PacketTallyTests
{
    [Fact]
    public void Few_are_counted_exactly()
    {
        PacketTally tally = default;
        for (ulong i = 1; i <= 4096; i++)
        {
            tally.Add(1, i);
            Assert.Equal(i, tally.Count);
        }
    }

    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(7, 1_000_000)]
    [InlineData(1500, 100_000)]
    public void Many_are_counted_about(ulong each, ulong times)
    {
        PacketTally tally = default;
        for (ulong i = 0; i < times; i++)
        {
            tally.Add(each, i * 1_000_003);
        }

        Assert.InRange(tally.Count / (double)(each * times), 0.95, 1.05);
    }

    [Fact]
    public void It_ends_at_its_limit_and_never_wraps()
    {
        PacketTally tally = default;
        ulong before = 0;
        for (ulong i = 0; i < 64; i++)
        {
            tally.Add(ulong.MaxValue, i);
            Assert.True(tally.Count >= before);
            before = tally.Count;
        }

        Assert.InRange(before, 1UL << 41, 1UL << 42);
    }

    [Fact]
    public void It_takes_the_room_that_a_profile_had_to_spare() => Assert.Equal(128, System.Runtime.CompilerServices.Unsafe.SizeOf<Profile>());
}
