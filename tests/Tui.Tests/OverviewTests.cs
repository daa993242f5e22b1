using Blackwall.Health;
using Blackwall.Tests.Tui.Fake;
using Blackwall.Tui.Widgets;
using Xunit;

namespace Blackwall.Tests.Tui;

public sealed class OverviewTests
{
    private static Dictionary<string, IReadOnlyDictionary<string, long>> Part(string part, string counter, long value) =>
        new(StringComparer.Ordinal) { [part] = new Dictionary<string, long>(StringComparer.Ordinal) { [counter] = value } };

    private static CounterBody Counted(string reason, ulong packets, ulong would = 0) => new(reason, packets, packets * 60, would, would * 60);

    [Fact]
    public async Task The_wall_its_health_and_what_is_decided_are_shown()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Parts = Part("board", "ofOperator", 4711) };
        using ConsoleOnScreen console = new(fake.Api);
        string screen = await console.Shows("live");
        await console.Shows("health     ready");
        Assert.Contains("eth0  enforce  attached native, tcx  policy generation 12  adopted", screen, StringComparison.Ordinal);
        Assert.Contains("operator 4,711", screen, StringComparison.Ordinal);
        Assert.Contains("losses     none", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rates_are_the_difference_of_two_readings_over_the_time_between_them()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Counters = [Counted("pass-default", 1000), Counted("drop-host", 7), Counted("drop-limit-syn", 0), Counted("redirect-new", 0), Counted("tx-challenge", 0)] };
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("in total pass-default 1,000, drop-host 7");
        fake.Stats = fake.Stats with
        {
            Time = FakeAppliance.Noon.AddSeconds(2),
            Counters = [Counted("pass-default", 3468), Counted("drop-host", 1007), Counted("drop-limit-syn", 40), Counted("redirect-new", 20), Counted("tx-challenge", 20)],
        };
        await console.Pass(1);
        string screen = await console.Shows("1,774");
        Assert.Matches(@"seen +1,774 ", screen);
        Assert.Matches(@"passed +1,234 ", screen);
        Assert.Matches(@"dropped +500 ", screen);
        Assert.Matches(@"limited +30 ", screen);
        Assert.Matches(@"redirected +10 ", screen);
        Assert.Contains("pass-default 1,234/s, drop-host 500/s, drop-limit-syn 20/s", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_that_begins_anew_has_no_rate_until_it_was_read_twice()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Counters = [Counted("pass-default", 1000)] };
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("live");
        fake.Stats = fake.Stats with { Time = FakeAppliance.Noon.AddSeconds(1), Counters = [Counted("pass-default", 10)] };
        await console.Pass(1);
        Assert.Matches(@"seen +- ", console.Screen);
    }

    [Fact]
    public async Task An_observing_wall_tells_what_it_would_stop()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Wall = fake.Stats.Wall with { Mode = "observe" }, Counters = [Counted("drop-host", 0, 10)] };
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("observe");
        fake.Stats = fake.Stats with { Time = FakeAppliance.Noon.AddSeconds(1), Counters = [Counted("drop-host", 0, 87)] };
        await console.Pass(1);
        string screen = await console.Shows("77");
        Assert.Matches(@"would stop +77 ", screen);
        Assert.Matches(@"passed +77 ", screen);
        Assert.Matches(@"dropped +0 ", screen);
    }

    [Fact]
    public async Task A_loss_anywhere_is_shown_as_a_warning()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Losses = new Dictionary<string, ulong>(StringComparer.Ordinal) { ["tls-events"] = 2, ["events"] = 0 }, Parts = Part("detection", "feedbackDropped", 9) };
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("detection feedbackDropped 9, kernel tls-events 2");
        Assert.Equal(new Palette(colour: true)[Tone.Warning], console.LookOf("detection feedbackDropped"));
    }

    [Fact]
    public async Task Faults_and_fallbacks_are_told_in_full()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Wall = fake.Stats.Wall with { AttachMode = null, Fallback = "The driver has no native XDP.", Fault = "The interface is gone." } };
        fake.Health = new HealthBody("degraded", new Dictionary<string, string>(StringComparer.Ordinal) { ["store"] = "The disk is full; free some space, nothing is lost meanwhile." });
        using ConsoleOnScreen console = new(fake.Api);
        string screen = await console.Shows("store: The disk is full; free some space");
        Assert.Contains("not attached", screen, StringComparison.Ordinal);
        Assert.Contains("fallback   The driver has no native XDP.", screen, StringComparison.Ordinal);
        Assert.Contains("fault      The interface is gone.", screen, StringComparison.Ordinal);
        Assert.Contains("degraded", screen, StringComparison.Ordinal);
    }
}
