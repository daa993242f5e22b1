using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public class TtlTests
{
    private static TimeSpan Left(BoardFixture f, PublishResult result) => result.Decision!.Expiry!.Value - f.Clock.GetUtcNow();

    [Fact]
    public void Each_repetition_lasts_longer_up_to_the_cap()
    {
        using BoardFixture f = new();
        double[] minutes = [10, 60, 360, 2160, 10_080, 10_080];
        foreach (double expected in minutes)
        {
            PublishResult result = f.Automatic("9.1.2.3", Origin.Local);
            Assert.Equal(expected, Left(f, result).TotalMinutes, 3);
            f.Clock.Advance(Left(f, result) + TimeSpan.FromSeconds(1));
            f.Board.ExpireDue();
        }
    }

    [Fact]
    public void After_a_quiet_week_the_ladder_starts_again()
    {
        using BoardFixture f = new();
        f.Automatic("9.1.2.3", Origin.Local);
        f.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(11));
        f.Board.ExpireDue();
        Assert.Equal(10, Left(f, f.Automatic("9.1.2.3", Origin.Local)).TotalMinutes, 3);
    }

    [Fact]
    public void Being_seen_again_during_a_block_extends_it_by_the_same_step_and_keeps_its_id()
    {
        using BoardFixture f = new();
        long id = f.Automatic("9.1.2.3", Origin.Local).Decision!.Id;
        f.Clock.Advance(TimeSpan.FromMinutes(4));
        PublishResult again = f.Automatic("9.1.2.3", Origin.Local);
        Assert.Equal(id, again.Decision!.Id);
        Assert.Equal(10, Left(f, again).TotalMinutes, 3);
        Assert.Equal(1, new BoardStats(f.Board).Read()["decisions"]);
    }

    [Fact]
    public void A_shorter_renewal_does_not_shorten()
    {
        using BoardFixture f = new();
        f.Automatic("9.1.2.3", Origin.Feed, ttl: TimeSpan.FromHours(5));
        Assert.Equal(5, Left(f, f.Automatic("9.1.2.3", Origin.Feed, ttl: TimeSpan.FromHours(1))).TotalHours, 3);
    }

    [Fact]
    public void Forgeable_evidence_neither_extends_a_block_nor_climbs_the_ladder()
    {
        using BoardFixture f = new();
        f.Automatic("9.1.2.3", Origin.Local);
        f.Clock.Advance(TimeSpan.FromMinutes(9));
        PublishResult spoofed = f.Automatic("9.1.2.3", Origin.Local, Verdict.RateLimit, TimeSpan.FromDays(6), EvidenceClass.Spoofable);
        Assert.Equal(Verdict.Drop, spoofed.Decision!.Verdict);
        Assert.Equal(1, Left(f, spoofed).TotalMinutes, 3);

        for (int i = 0; i < 4; i++)
        {
            f.Clock.Advance(TimeSpan.FromMinutes(11));
            f.Board.ExpireDue();
            Assert.Equal(10, Left(f, f.Automatic("9.1.2.4", Origin.Local, Verdict.RateLimit, evidence: EvidenceClass.Spoofable)).TotalMinutes, 3);
        }
    }

    [Fact]
    public void Proof_turns_a_rate_limit_into_a_block_that_lasts_as_long_as_a_block_does()
    {
        using BoardFixture f = new();
        long id = f.Automatic("9.1.2.3", Origin.Local, Verdict.RateLimit, TimeSpan.FromDays(6), EvidenceClass.Spoofable).Decision!.Id;
        PublishResult proven = f.Automatic("9.1.2.3", Origin.Local);
        Assert.Equal((id, Verdict.Drop), (proven.Decision!.Id, proven.Decision.Verdict));
        Assert.Equal(10, Left(f, proven).TotalMinutes, 3);
        Assert.Equal(2, proven.Decision.EvidenceIds.Count);
    }

    [Fact]
    public void A_requested_time_is_capped_for_everybody_but_the_operator()
    {
        using BoardFixture f = new();
        Assert.Equal(7, Left(f, f.Automatic("9.1.2.3", Origin.Feed, ttl: TimeSpan.FromDays(400))).TotalDays, 3);
        Assert.Equal(400, Left(f, f.Operator("9.1.2.4", ttl: TimeSpan.FromDays(400))).TotalDays, 3);
        Assert.Null(f.Operator("9.1.2.5").Decision!.Expiry);
    }

    [Fact]
    public void Lifting_forgives()
    {
        using BoardFixture f = new();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(f.Board.Lift(f.Automatic("9.1.2.3", Origin.Local).Decision!.Id, "tester", out Decision? lifted));
            Assert.Equal("9.1.2.3", lifted!.Scope.ToString());
        }

        Assert.Equal(10, Left(f, f.Automatic("9.1.2.3", Origin.Local)).TotalMinutes, 3);
        Assert.False(f.Board.Lift(12345, "tester", out _));
    }

    [Fact]
    public void The_memory_of_repetitions_is_bounded_and_forgets_are_counted()
    {
        using BoardFixture f = new(new BoardOptions { MaxRemembered = 100 });
        for (int i = 0; i < 1000; i++)
        {
            f.Automatic($"9.1.{i / 200}.{i % 200}", Origin.Feed);
        }

        IReadOnlyDictionary<string, long> stats = new BoardStats(f.Board).Read();
        Assert.InRange(stats["remembered"], 1, 100);
        Assert.InRange(stats["forgotten"], 800, 1000);
    }

    [Fact]
    public void A_source_that_is_seen_all_the_time_costs_no_update_each_time()
    {
        using BoardFixture f = new();
        for (int i = 0; i < 1000; i++)
        {
            f.Automatic("9.1.2.3", Origin.Local);
            f.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(f.Board.Version, 1, 20);
        Assert.InRange(new BoardStats(f.Board).Read()["coalesced"], 900, 1000);
    }
}
