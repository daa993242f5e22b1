using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

/// <summary>Owners speak of the same scope beside each other; what that comes to follows from one precedence.</summary>
public sealed class ClaimTests
{
    private static readonly Prefix Scope = Prefix.Parse("9.1.2.3");

    [Theory]
    [InlineData(Origin.Feed)]
    [InlineData(Origin.Mesh)]
    [InlineData(Origin.Model)]
    public void Two_owners_of_one_origin_speak_of_the_same_scope_and_retracting_one_leaves_the_other(Origin origin)
    {
        using BoardFixture f = new();
        long first = Say(f, origin, "one", Verdict.RateLimit, hours: 1);
        long second = Say(f, origin, "two", Verdict.RateLimit, hours: 2);
        Assert.NotEqual(first, second);
        Assert.Equal(["two", "one"], Owners(f));
        Assert.True(f.Board.Lift(second, "tester", out _));
        Assert.Equal(["one"], Owners(f));
        Assert.Equal(first, f.Board.Effective(Scope)!.Id);
        Assert.True(f.Board.Wall.TryEntry(Scope, out PolicyEntry entry));
        Assert.Equal(first, entry.DecisionId);
    }

    [Fact]
    public void What_one_owner_says_again_renews_its_own_claim_alone()
    {
        using BoardFixture f = new();
        long first = Say(f, Origin.Feed, "one", Verdict.Drop, hours: 1);
        long second = Say(f, Origin.Feed, "two", Verdict.RateLimit, hours: 5);
        Assert.Equal(second, Say(f, Origin.Feed, "two", Verdict.Drop, hours: 6));
        Assert.Equal((first, TimeSpan.FromHours(1)), (f.Board.Find(first)!.Id, f.Board.Find(first)!.Expiry - f.Clock.GetUtcNow()));
    }

    [Fact]
    public void Of_owners_of_one_rank_the_harder_verdict_decides_then_the_later_end_then_the_older_claim()
    {
        using BoardFixture f = new();
        Say(f, Origin.Feed, "mild", Verdict.RateLimit, hours: 50);
        Say(f, Origin.Feed, "short", Verdict.Drop, hours: 1);
        Say(f, Origin.Feed, "long", Verdict.Drop, hours: 2);
        Say(f, Origin.Feed, "younger", Verdict.Drop, hours: 2);
        Assert.Equal(["long", "younger", "short", "mild"], Owners(f));
        Assert.Equal(f.Board.ClaimsOf(Scope).Winner, f.Board.ClaimsOf(Scope).Claims[0]);
        Assert.Equal("long", f.Board.Effective(Scope)!.Owner);

        // When the hard ones are over, the mild one holds, with nobody alive.
        KernelModel kernel = new(f.Board.Wall.Snapshot().Entries.Span);
        long now = f.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal((Verdict.Drop, Verdict.RateLimit), (kernel.VerdictOf("9.1.2.3", now + 7_199_000), kernel.VerdictOf("9.1.2.3", now + 7_200_000)));
    }

    [Fact]
    public void Every_way_to_ask_gives_the_winner_that_one_precedence_gives()
    {
        Random random = new(5);
        string[] scopes = ["9.0.0.0/8", "9.1.0.0/16", "9.1.2.0/24", "9.1.2.3", "9.1.2.4", "9.200.0.0/16"];
        for (int round = 0; round < 100; round++)
        {
            using BoardFixture f = new();
            for (int i = 0; i < 24; i++)
            {
                Origin origin = new[] { Origin.Operator, Origin.Mesh, Origin.Feed, Origin.Feed }[random.Next(4)];
                f.Board.Publish(new DecisionRequest(
                    Prefix.Parse(scopes[random.Next(scopes.Length)]), (Verdict)random.Next(origin == Origin.Operator ? 0 : 1, 4), origin, "x", 1, TimeSpan.FromSeconds(1 + random.Next(4)), [], null, "t")
                {
                    Owner = $"owner {random.Next(4)}",
                });
            }

            f.Clock.Advance(TimeSpan.FromSeconds(random.Next(3)));
            Decision[] all = [.. f.Board.List(new DecisionQuery(null, null, null, null, long.MaxValue, 1000)).Items];
            Dictionary<Prefix, PolicyEntry> swept = f.Board.Wall.Snapshot().Entries.ToArray().ToDictionary(entry => entry.Scope);
            foreach (Prefix scope in all.Select(decision => decision.Scope).Distinct())
            {
                Decision winner = Strongest(all.Where(decision => decision.Scope.Contains(scope)))!;
                Assert.Equal(winner.Id, f.Board.Effective(scope)!.Id);
                Assert.Equal(winner.Id, f.Board.ClaimsOf(scope).Winner!.Id);
                Assert.Equal(winner.Id, swept[scope].DecisionId);
                Assert.True(f.Board.Wall.TryEntry(scope, out PolicyEntry entry));
                Assert.Equal(winner.Id, entry.DecisionId);
                Assert.Equal(swept[scope].Later.ToArray(), entry.Later.ToArray());
                Decision weakest = f.Board.ClaimsOf(scope).Claims[^1];
                Assert.Equal(Strongest(all.Where(decision => decision.Scope.Contains(weakest.Scope) && decision.Id != weakest.Id))?.Id, f.Board.Trial.Lift(weakest.Id)!.Winner?.Id);
            }
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void The_kernel_says_at_every_moment_what_the_claims_of_many_owners_come_to_then(int seed)
    {
        Random random = new(seed);
        string[] scopes = ["9.0.0.0/8", "9.1.0.0/16", "9.1.2.0/24", "9.1.2.3"];
        string[] addresses = ["9.1.2.3", "9.1.2.4", "9.1.9.9", "9.9.9.9"];
        int overlapping = 0;
        for (int round = 0; round < 60; round++)
        {
            using BoardFixture f = new();
            for (int i = 0; i < 12; i++)
            {
                string owner = $"owner {random.Next(3)}";
                Origin origin = random.Next(3) == 0 ? Origin.Mesh : Origin.Feed;
                f.Board.Publish(new DecisionRequest(Prefix.Parse(scopes[random.Next(scopes.Length)]), (Verdict)random.Next(1, 4), origin, "x", 1, TimeSpan.FromSeconds(random.Next(1, 20)), [], null, owner));
            }

            overlapping += f.Board.ClaimsOf(Scope).Claims.GroupBy(claim => (claim.Scope, claim.Origin)).Count(same => same.Count() > 1);
            PolicyEntry[] written = f.Board.Wall.Snapshot().Entries.ToArray();
            KernelModel kernel = new(written);
            foreach (PolicyEntry entry in written)
            {
                Assert.True(f.Board.Wall.TryEntry(entry.Scope, out PolicyEntry single));
                Assert.Equal((entry.DecisionId, string.Join(',', entry.Later.ToArray())), (single.DecisionId, string.Join(',', single.Later.ToArray())));
            }

            for (int second = 0; second < 21; second++)
            {
                foreach (string address in addresses)
                {
                    Verdict said = kernel.VerdictOf(address, f.Clock.GetUtcNow().ToUnixTimeMilliseconds());
                    Assert.True(said == f.VerdictOf(address) || (kernel.IsFull(address) && said == Verdict.Pass), $"{address} in round {round} at {second} s: {said}, not {f.VerdictOf(address)}");
                }

                f.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.True(overlapping > 60, $"only {overlapping} scopes had several owners");
    }

    [Fact]
    public void A_rule_of_the_configuration_and_one_of_the_operator_do_not_replace_each_other()
    {
        using BoardFixture f = new();
        f.Board.Reconcile(ClaimOwner.Configuration, [new Claim(Scope, Verdict.Drop, "configured")]);
        long rule = f.Operator("9.1.2.3", Verdict.Pass).Decision!.Id;
        Assert.Equal(Verdict.Pass, f.VerdictOf("9.1.2.3"));
        RuleChange change = new([new DecisionRequest(Scope, Verdict.RateLimit, Origin.Operator, "x", 1, null, [], null, "t")], []);
        Assert.Equal(Verdict.Drop, f.Board.Rules.Preview(change with { Put = [], Remove = [Scope] }).Entries.Span[0].Verdict);
        Assert.True(f.Board.Lift(rule, "tester", out _));
        Assert.Equal(Verdict.Drop, f.VerdictOf("9.1.2.3"));
        Assert.Equal("config", f.Board.Rules.Preview(change).Overruled[0].Owner);
    }

    [Fact]
    public void An_owner_without_a_name_or_with_too_long_a_one_is_refused()
    {
        using BoardFixture f = new();
        DecisionRequest good = new(Scope, Verdict.Drop, Origin.Feed, "x", 1, null, [], null, "t");
        Assert.NotNull(f.Board.Publish(good with { Owner = "" }).Refusal);
        Assert.NotNull(f.Board.Publish(good with { Owner = new string('x', 1025) }).Refusal);
        Assert.Null(f.Board.Publish(good with { Owner = new string('x', 1024) }).Refusal);
    }

    private static Decision? Strongest(IEnumerable<Decision> claims) => claims
        .OrderBy(decision => decision.Rank).ThenByDescending(decision => decision.Scope.Length)
        .ThenByDescending(decision => decision.Verdict).ThenByDescending(decision => decision.Expiry ?? DateTimeOffset.MaxValue).ThenBy(decision => decision.Id)
        .FirstOrDefault();

    private static string[] Owners(BoardFixture f) => [.. f.Board.ClaimsOf(Scope).Claims.Select(claim => claim.Owner)];

    private static long Say(BoardFixture f, Origin origin, string owner, Verdict verdict, int hours) =>
        f.Board.Publish(new DecisionRequest(Scope, verdict, origin, "listed", 1, TimeSpan.FromHours(hours), [], null, owner)).Decision!.Id;
}
