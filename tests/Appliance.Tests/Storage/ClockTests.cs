using Blackwall.Kernel.Policy;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Pipeline;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Storage;

/// <summary>Ends are counted on the boot clock: whatever the wall clock is set to, none of them moves by more than a second.</summary>
public sealed class ClockTests
{
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Prefix s_blocked = Prefix.Parse("9.1.2.3");

    private readonly FakeTimeProvider _wall = new(s_start);
    private readonly FakeBoot _boot = new();

    public static TheoryData<int> Years => [1, -1, 20];

    [Theory]
    [MemberData(nameof(Years))]
    public async Task A_wall_clock_set_by_years_moves_no_end_and_dates_follow_it(int years)
    {
        await using StoreFixture f = new();
        await f.StartAsync(_wall, _boot);
        f.Drop("9.1.2.3", Origin.Local);
        ulong before = KernelEnd(f);
        Run(TimeSpan.FromMinutes(1));
        SetWall(years);
        f.Board.ExpireDue();

        Assert.Equal(before, KernelEnd(f));
        Decision decision = f.Board.Effective(s_blocked)!;
        Assert.InRange((decision.Expiry!.Value - _wall.GetUtcNow()).TotalSeconds, 539, 541);
        Run(TimeSpan.FromSeconds(539));
        Assert.Equal(0, f.Board.ExpireDue());
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(1, f.Board.ExpireDue());
    }

    [Theory]
    [MemberData(nameof(Years))]
    public async Task A_restart_goes_on_counting_whatever_the_wall_clock_shows(int years)
    {
        await using StoreFixture f = new();
        await f.StartAsync(_wall, _boot);
        f.Drop("9.1.2.3", Origin.Local);
        ulong before = KernelEnd(f);
        await f.StopAsync();
        SetWall(years);
        Run(TimeSpan.FromSeconds(30));
        await f.StartAsync(_wall, _boot);

        Assert.Equal(before, KernelEnd(f));
        Assert.InRange((f.Board.Effective(s_blocked)!.Expiry!.Value - _wall.GetUtcNow()).TotalSeconds, 569, 571);
        Run(TimeSpan.FromSeconds(571));
        Assert.Null(f.Board.Effective(s_blocked));
    }

    [Fact]
    public async Task A_start_of_the_machine_takes_what_passed_off_and_never_adds()
    {
        await using StoreFixture f = new();
        await f.StartAsync(_wall, _boot);
        f.Drop("9.1.2.3", Origin.Local);
        await f.StopAsync();
        _boot.StartAnew("second", TimeSpan.FromSeconds(20));
        _wall.Advance(TimeSpan.FromMinutes(4));
        await f.StartAsync(_wall, _boot);
        Assert.InRange(Left(f), 359, 361);
        await f.StopAsync();

        // The wall clock lost its battery: the machine has been up for a minute all the same.
        _boot.StartAnew("third", TimeSpan.FromSeconds(60));
        SetWall(-5);
        await f.StartAsync(_wall, _boot);
        Assert.InRange(Left(f), 299, 301);
    }

    [Fact]
    public async Task A_clock_that_was_set_before_the_machine_stopped_is_known_afterwards()
    {
        await using StoreFixture f = new();
        await f.StartAsync(_wall, _boot);
        f.Drop("9.1.2.3", Origin.Local);
        Assert.True(await f.FlushAsync());
        SetWall(1);
        f.Board.ExpireDue();
        Assert.True(await f.FlushAsync());
        await f.StopAsync();
        _boot.StartAnew("second", TimeSpan.FromSeconds(20));
        _wall.Advance(TimeSpan.FromMinutes(1));
        await f.StartAsync(_wall, _boot);
        Assert.InRange(Left(f), 539, 541);
    }

    [Fact]
    public async Task A_rule_that_a_change_replaced_comes_back_with_the_time_that_is_left_to_it()
    {
        await using StoreFixture f = new();
        await f.StartAsync(_wall, _boot);
        f.Drop("9.1.2.3", ttl: TimeSpan.FromMinutes(10));
        RuleChange change = new([new DecisionRequest(s_blocked, Verdict.RateLimit, Origin.Operator, "x", 1, null, [], null, "tester")], []);
        IReadOnlyList<Decision> replaced = f.Board.Rules.Replaced(change);
        Assert.Empty(f.Board.Rules.Change(change, "tester"));
        SetWall(1);
        f.Board.ExpireDue();
        Run(TimeSpan.FromMinutes(1));
        f.Board.Rules.TakeBack(change, replaced, "appliance");
        Assert.Equal(Verdict.Drop, f.Board.Effective(s_blocked)!.Verdict);
        Assert.InRange(Left(f), 539, 541);
    }

    private void SetWall(int years) => _wall.AdjustTime(_wall.GetUtcNow().AddYears(years));

    private void Run(TimeSpan time)
    {
        _boot.Run(time);
        _wall.Advance(time);
    }

    private double Left(StoreFixture f) => (f.Board.Effective(s_blocked)!.Expiry!.Value - _wall.GetUtcNow()).TotalSeconds;

    /// <summary>The end as the kernel gets it.</summary>
    private static ulong KernelEnd(StoreFixture f)
    {
        Assert.True(f.Board.Wall.TryEntry(s_blocked, out PolicyEntry entry));
        return ClockPair.From(f.Board.Clock).ToBoot(entry.ExpiryUnixMilliseconds);
    }
}
