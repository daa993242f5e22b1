using Blackwall.Replay;
using Xunit;

namespace Blackwall.Tests.Replay;

public sealed class CaptureClockTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1_700_000_000 * Second;
    private const ulong Hour = 3600 * Second;

    private readonly CaptureClock _clock = new();

    [Fact]
    public void Packets_that_were_written_late_come_with_the_one_before()
    {
        Move(0, 10, 9, 11, 8, 12);
        Assert.Equal((Start + (12 * Second), 2), (_clock.Now, _clock.Unordered));
    }

    [Theory]
    [InlineData(7200)]
    [InlineData(100)]
    [InlineData(10_000_000)]
    public void What_passes_between_packets_is_the_same_after_the_clock_was_set_back(int back)
    {
        Move(20_000_000, 20_000_010);
        ulong before = _clock.Now;
        for (int i = 0; i < 10; i++)
        {
            _clock.MoveTo(Start + ((ulong)(20_000_010 - back + (i * 300)) * Second));
            Assert.Equal(before + ((ulong)i * 300 * Second), _clock.Now);
        }
    }

    [Fact]
    public void A_clock_that_is_set_right_again_is_followed()
    {
        Move(0, 10, 10 - 7200, 20 - 7200, 30);
        Assert.Equal(Start + (30 * Second), _clock.Now);
        Move(40);
        Assert.Equal(Start + (40 * Second), _clock.Now);
    }

    [Fact]
    public void A_packet_far_ahead_is_wrong_when_the_next_one_is_not_there()
    {
        Move(0);
        ulong ahead = Start + (5 * Hour);
        Assert.True(_clock.IsLeap(ahead));
        Assert.False(_clock.IsLeap(Start + Second));
        Assert.True(_clock.Contradicts(ahead, Start + Second));
        Assert.False(_clock.Contradicts(ahead, ahead + Second));
        Assert.False(_clock.Contradicts(ahead, ahead - Second));
    }

    [Fact]
    public void Times_that_no_clock_shows_do_not_stop_it()
    {
        _clock.MoveTo(ulong.MaxValue);
        ulong end = _clock.Now;
        _clock.MoveTo(Start);
        _clock.MoveTo(Start + Second);
        Assert.Equal(end, _clock.Now);
        Assert.Equal(2200, _clock.GetUtcNow().Year);
    }

    private void Move(params long[] seconds)
    {
        foreach (long second in seconds)
        {
            _clock.MoveTo((ulong)((long)Start + (second * (long)Second)));
        }
    }
}
