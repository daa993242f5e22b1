using System.Globalization;
using Blackwall.Tarpit.Shell.Cron;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell.Cron;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "2026-12-01 13:07", true)]
    [InlineData("*/5 * * * *", "2026-12-01 13:05", true)]
    [InlineData("*/5 * * * *", "2026-12-01 13:06", false)]
    [InlineData("5-20/5,50 1,13 * * *", "2026-12-01 13:15", true)]
    [InlineData("5-20/5,50 1,13 * * *", "2026-12-01 13:50", true)]
    [InlineData("5-20/5,50 1,13 * * *", "2026-12-01 13:25", false)]
    [InlineData("0 0 1 jan *", "2027-01-01 00:00", true)]
    [InlineData("0 0 1 jan *", "2026-12-01 00:00", false)]
    [InlineData("0 0 * * 7", "2026-12-06 00:00", true)]
    [InlineData("0 0 * * Sun", "2026-12-06 00:00", true)]
    [InlineData("0 0 * * mon-fri", "2026-12-06 00:00", false)]
    [InlineData("0 0 13 * 5", "2026-12-13 00:00", true)]
    [InlineData("0 0 13 * 5", "2026-12-11 00:00", true)]
    [InlineData("0 0 13 * *", "2026-12-11 00:00", false)]
    [InlineData("@daily", "2026-12-11 00:00", true)]
    [InlineData("@daily", "2026-12-11 01:00", false)]
    [InlineData("@hourly", "2026-12-11 01:00", true)]
    public void A_line_is_due(string time, string moment, bool isDue)
    {
        CronSchedule? schedule = CronSchedule.Parse(time + " /bin/true x", out string rest, out string? error);
        Assert.Null(error);
        Assert.Equal("/bin/true x", rest);
        Assert.Equal(isDue, schedule!.IsDue(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)));
    }

    [Theory]
    [InlineData("60 * * * * x", "bad minute")]
    [InlineData("every day x", "bad minute")]
    [InlineData("5/0 * * * * x", "bad minute")]
    [InlineData("* 24 * * * x", "bad hour")]
    [InlineData("* * 0 * * x", "bad day-of-month")]
    [InlineData("* * * 13 * x", "bad month")]
    [InlineData("* * * * 8 x", "bad day-of-week")]
    [InlineData("* * * * *", "bad day-of-week")]
    [InlineData("*/5 3-1 * * * x", "bad hour")]
    [InlineData("@never x", "bad time specifier")]
    public void What_is_wrong_is_named(string line, string error)
    {
        Assert.Null(CronSchedule.Parse(line, out _, out string? told));
        Assert.Equal(error, told);
    }

    [Fact]
    public void The_start_of_the_machine_is_no_time()
    {
        Assert.Null(CronSchedule.Parse("@reboot /tmp/x", out string rest, out string? error));
        Assert.Null(error);
        Assert.Equal("/tmp/x", rest);
    }
}
