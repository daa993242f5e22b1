using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public class PrecedenceTests
{
    [Fact]
    public void An_operator_allow_beats_an_automatic_block_of_the_same_host_even_when_the_block_was_first()
    {
        using BoardFixture f = new();
        Assert.Null(f.Automatic("198.51.100.7", Origin.Local).Refusal);
        Assert.Equal(Verdict.Drop, f.VerdictOf("198.51.100.7"));
        Assert.Null(f.Operator("198.51.100.0/24", Verdict.Pass).Refusal);
        Assert.Equal(Verdict.Pass, f.VerdictOf("198.51.100.7"));
    }

    [Theory]
    [InlineData(Origin.Local, Origin.Mesh)]
    [InlineData(Origin.Local, Origin.Feed)]
    [InlineData(Origin.Mesh, Origin.Feed)]
    public void A_stronger_origin_over_a_wider_scope_beats_a_weaker_one_over_the_host(Origin stronger, Origin weaker)
    {
        using BoardFixture f = new();
        Assert.Null(f.Automatic("9.1.2.0/24", stronger, Verdict.RateLimit).Refusal);
        Assert.Null(f.Automatic("9.1.2.3", weaker, Verdict.Drop).Refusal);
        Assert.Equal(Verdict.RateLimit, f.VerdictOf("9.1.2.3"));
        Assert.Equal(stronger, f.Board.Effective(Prefix.Parse("9.1.2.3"))!.Origin);
    }

    [Fact]
    public void Within_a_rank_the_longest_prefix_wins()
    {
        using BoardFixture f = new();
        f.Operator("9.0.0.0/8", Verdict.Drop);
        f.Operator("9.1.0.0/16", Verdict.RedirectToTarpit);
        f.Operator("9.1.2.3", Verdict.RateLimit);
        Assert.Equal(Verdict.RateLimit, f.VerdictOf("9.1.2.3"));
        Assert.Equal(Verdict.RedirectToTarpit, f.VerdictOf("9.1.2.4"));
        Assert.Equal(Verdict.Drop, f.VerdictOf("9.2.2.4"));
        Assert.Null(f.Board.Effective(Prefix.Parse("10.0.0.1")));
    }

    [Fact]
    public void An_ended_decision_counts_for_nothing_before_it_is_swept()
    {
        using BoardFixture f = new();
        f.Operator("9.1.2.0/24", Verdict.RateLimit);
        f.Operator("9.1.2.3", Verdict.Drop, TimeSpan.FromSeconds(5));
        f.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(Verdict.RateLimit, f.VerdictOf("9.1.2.3"));
        Assert.Equal(1, f.Board.ExpireDue());
        Assert.Equal(DecisionChangeKind.Expired, f.Changes[^1].Kind);
        Assert.False(f.Board.Wall.TryEntry(Prefix.Parse("9.1.2.3"), out _));
    }

    [Fact]
    public void An_IPv6_prefix_over_the_mapped_numbers_says_nothing_about_IPv4()
    {
        using BoardFixture f = new();
        f.Operator("::/1", Verdict.Pass);
        Assert.Null(f.Board.Effective(Prefix.Parse("9.1.2.3")));
        f.Operator("9.0.0.0/8", Verdict.RateLimit);
        f.Operator("4000::/16", Verdict.Pass);
        var entries = f.Board.Wall.Snapshot().Entries.ToArray();
        Assert.Equal(3, entries.Length);
        Assert.All(entries, e => Assert.Equal(f.Board.Effective(e.Scope)!.Id, e.DecisionId));
    }

    [Fact]
    public void The_snapshot_agrees_with_single_lookups_and_with_a_plain_search_over_random_policies()
    {
        Random random = new(7);
        using BoardFixture f = new();
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < 400; i++)
            {
                Address address = i % 3 == 0
                    ? new Address(((UInt128)0x2a00_0000_0000_0000 << 64) | (UInt128)(uint)random.Next(64) << 64 | (uint)random.Next(4))
                    : Address.FromV4(0x09000000u | (uint)random.Next(1 << 12));
                Prefix scope = Prefix.Around(address, address.Bits - (random.Next(3) == 0 ? random.Next(16) : 0));
                Origin origin = new[] { Origin.Operator, Origin.Mesh, Origin.Feed }[random.Next(3)];
                f.Board.Publish(new DecisionRequest(scope, Verdict.RateLimit + random.Next(3), origin, "x", 1, TimeSpan.FromSeconds(1 + random.Next(100)), [], null, "t"));
            }

            f.Clock.Advance(TimeSpan.FromSeconds(random.Next(30)));
            if (round % 2 == 0)
            {
                f.Board.ExpireDue();
            }

            List<Decision> all = [.. f.Board.List(new DecisionQuery(null, null, null, null, long.MaxValue, int.MaxValue)).Items];
            Dictionary<Prefix, PolicyEntry> snapshot = f.Board.Wall.Snapshot().Entries.ToArray().ToDictionary(e => e.Scope);
            Assert.Subset(snapshot.Keys.ToHashSet(), all.Select(d => d.Scope).ToHashSet());
            if (round % 2 == 0)
            {
                Assert.Equal(all.Select(d => d.Scope).ToHashSet(), snapshot.Keys.ToHashSet());
            }

            foreach ((Prefix scope, PolicyEntry entry) in snapshot)
            {
                Decision expected = all.Where(d => d.Scope.Contains(scope)).OrderBy(d => d.Rank).ThenByDescending(d => d.Scope.Length).ThenByDescending(d => d.Id).First();
                Assert.Equal(expected.Id, entry.DecisionId);
                Assert.Equal(expected.Id, f.Board.Effective(scope)!.Id);
                Assert.True(f.Board.Wall.TryEntry(scope, out PolicyEntry single));
                Assert.Equal((entry.DecisionId, entry.Verdict, entry.Rank, entry.ExpiryUnixMilliseconds), (single.DecisionId, single.Verdict, single.Rank, single.ExpiryUnixMilliseconds));
            }
        }
    }
}
