using Blackwall.Pipeline.Time;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public sealed class BootClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_event_after_the_reading_is_as_much_later_on_the_calendar()
    {
        BootClock clock = BootClock.At(Noon, 5_000_000_000);
        Assert.Equal(Noon.AddSeconds(2), clock.ToDate(7_000_000_000));
        Assert.Equal(Noon.AddSeconds(-5), clock.ToDate(0));
    }

    [Fact]
    public void A_replay_shows_capture_time() =>
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1_600_000_000), BootClock.Replay().ToDate(1_600_000_000_000_000_000));

    [Fact]
    public void A_stepped_wall_clock_is_followed()
    {
        BootClock clock = BootClock.At(Noon, 0);
        clock.Resynchronise(Noon.AddHours(1), 0);
        Assert.Equal(Noon.AddHours(1), clock.ToDate(0));
    }

    [Fact]
    public void No_event_time_is_beyond_the_calendar() => Assert.Equal(DateTimeOffset.MaxValue.UtcTicks, BootClock.At(DateTimeOffset.MaxValue.AddDays(-1), 0).ToDate(ulong.MaxValue).UtcTicks);
}
