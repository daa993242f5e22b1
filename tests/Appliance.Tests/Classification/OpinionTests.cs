using Blackwall.Classification;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Classification;

/// <summary>What may follow from what a model says.</summary>
public sealed class OpinionTests
{
    private const string Guesser = "198.51.100.44";

    [Fact]
    public async Task A_suspicious_source_is_asked_about_and_limited_for_some_minutes()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Scan();
        Assert.True(await f.AskAsync());
        Opinion opinion = Assert.Single(f.Book.List(10));
        Assert.Equal((ModelFixture.Scanner, OpinionCategory.Scan, 95, OpinionEffect.Limited, 1), ($"{opinion.Source}", opinion.Category, opinion.Percent, opinion.Effect, opinion.Exchange));
        Assert.Contains(opinion.About.Numbers, n => n is { Name: "networkPortsInVain", Value: 30 });
        Decision claim = Assert.Single(f.Store.All(), d => d.Origin == Origin.Model);
        Assert.Equal((Verdict.RateLimit, "model-opinion", "llm"), (claim.Verdict, claim.Reason, claim.Actor));
        Assert.Equal(TimeSpan.FromMinutes(10), claim.Expiry - f.Clock.GetUtcNow());
        string request = Assert.Single(f.Server.Requests);
        Assert.Contains("\"think\":false", request, StringComparison.Ordinal);
        Assert.Contains("\"stream\":false", request, StringComparison.Ordinal);
        Assert.Contains("\"additionalProperties\":false", request, StringComparison.Ordinal);
        Assert.Contains("\"temperature\":0", request, StringComparison.Ordinal);
        Assert.DoesNotContain(ModelFixture.Scanner, request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_shadow_mode_it_is_told_and_nothing_follows()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Options.Mode = AiMode.Shadow;
        f.Scan();
        string before = f.Decisions(withModel: true);
        Assert.True(await f.AskAsync());
        Assert.Equal(OpinionEffect.Shadow, Assert.Single(f.Book.List(10)).Effect);
        Assert.Equal(before, f.Decisions(withModel: true));
    }

    [Fact]
    public async Task When_it_is_off_nobody_is_asked()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Options.Mode = AiMode.Off;
        f.Scan();
        Assert.False(await f.AskAsync());
        Assert.Equal((0, 0, "off"), (f.Server.Asked, f.Queue.Count, f.Desk.State));
        Assert.Null(f.Desk.Fault);
    }

    [Theory]
    [InlineData("benign", 100)]
    [InlineData("unknown", 100)]
    [InlineData("scan", 79)]
    [InlineData("flood", 0)]
    public async Task What_is_no_attack_or_not_sure_lowers_nothing_and_limits_nobody(string category, int percent)
    {
        await using ModelFixture f = await ModelFixture.StartAsync(new ModelServer(_ => (category, percent)));
        f.Scan();
        string before = f.Decisions(withModel: true);
        double suspicion = f.Traffic.Stage.Describe(Address.Parse(ModelFixture.Scanner))!.Suspicion;
        Assert.True(await f.AskAsync());
        Assert.Equal(OpinionEffect.None, Assert.Single(f.Book.List(10)).Effect);
        Assert.Equal(before, f.Decisions(withModel: true));
        Assert.Equal(suspicion, f.Traffic.Stage.Describe(Address.Parse(ModelFixture.Scanner))!.Suspicion);
    }

    [Fact]
    public async Task A_server_that_calls_everybody_an_attacker_gets_limits_of_minutes_and_nothing_harder()
    {
        await using ModelFixture lying = await ModelFixture.StartAsync(new ModelServer(_ => ("exploit", 100)));
        await using ModelFixture without = await ModelFixture.StartAsync();
        without.Options.Mode = AiMode.Off;
        foreach (ModelFixture f in new[] { lying, without })
        {
            await PlayAsync(f);
        }

        // The same decisions of everybody else, and the same phases.
        Assert.Equal(without.Decisions(), lying.Decisions());
        Assert.Contains(without.Store.All(), d => d is { Origin: Origin.Local, Verdict: Verdict.Drop });
        Assert.Equal(Phases(without), Phases(lying));
        Decision[] claims = [.. lying.Store.All().Where(d => d.Origin == Origin.Model)];
        Assert.NotEmpty(claims);
        Assert.All(claims, d => Assert.Equal((Verdict.RateLimit, true), (d.Verdict, d.Expiry - lying.Clock.GetUtcNow() <= TimeSpan.FromMinutes(10))));

        // Neither the ordinary user, nor who is allowed, guarded or blocked already.
        Assert.DoesNotContain(claims, d => d.Scope.ToString() is "192.0.2.77" or "198.18.0.9" or "198.18.1.9" or Guesser);
        Assert.DoesNotContain(without.Store.All(), d => d.Origin == Origin.Model);
    }

    [Fact]
    public async Task Who_uses_services_in_the_ordinary_way_is_told_of_and_not_limited()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            f.Traffic.Wait(1).Use(ModelFixture.Scanner, 443, remotePort: 41000 + i);
        }

        f.Scan(ports: 60);
        Assert.True(await f.AskAsync());
        Assert.Equal(OpinionEffect.Standing, Assert.Single(f.Book.List(10)).Effect);
        Assert.DoesNotContain(f.Store.All(), d => d.Origin == Origin.Model);
    }

    [Fact]
    public async Task Like_sources_are_asked_about_once_and_the_same_source_is_told_of_once()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Scan();
        f.Scan("203.0.113.10");
        Assert.True(await f.AskAsync());
        await f.AskAsync("203.0.113.10");
        await f.AskAsync("203.0.113.10");
        Assert.Equal(1, f.Server.Asked);
        Assert.Equal([true, false], f.Book.List(10).Select(o => o.Cached));
        Assert.Equal(2, f.Desk.Read()["cached"]);
        Assert.Equal(2, f.Desk.Read()["opinions"]);
        Assert.Equal(2, f.Store.All().Count(d => d.Origin == Origin.Model));

        // An opinion is forgotten after its time.
        f.Clock.Advance(TimeSpan.FromMinutes(61));
        f.Traffic.Wait(3660);
        f.Scan();
        await f.AskAsync();
        Assert.Equal(2, f.Server.Asked);
    }

    [Fact]
    public async Task Several_sources_go_into_one_question_and_each_gets_its_own_opinion()
    {
        await using ModelFixture f = await ModelFixture.StartAsync(new ModelServer(numbers => ("scan", (int)numbers["portsInVainInAMinute"]!)));
        for (int i = 0; i < 8; i++)
        {
            f.Scan($"203.0.113.{i + 1}", 30 + (i * 8));
            f.Queue.Add(Address.Parse($"203.0.113.{i + 1}"));
        }

        await f.AskAsync("203.0.113.1");
        Assert.Equal(1, f.Server.Asked);
        Assert.Equal(8, f.Exchanges.List(long.MaxValue, 1)[0].Sources);
        Assert.All(f.Book.List(10), o => Assert.Equal(o.About.Numbers.First(n => n.Name is "portsInVainInAMinute").Value, o.Percent));
        Assert.Equal(8, f.Book.List(10).Select(o => o.Percent).Distinct().Count());
    }

    [Fact]
    public async Task Tokens_of_a_minute_are_all_that_is_spent_in_it()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        (f.Options.TokensPerMinute, f.Options.BatchSize) = (4000, 1);
        for (int i = 0; i < 40; i++)
        {
            f.Scan($"203.0.113.{i + 1}", 20 + (i * 2));
            f.Queue.Add(Address.Parse($"203.0.113.{i + 1}"));
        }

        while (await f.Desk.AskOnceAsync(TestContext.Current.CancellationToken))
        {
        }

        long asked = f.Server.Asked;
        Assert.InRange(asked, 1, 12);
        Assert.Equal("waiting", f.Desk.State);
        Assert.Equal(1, f.Desk.Read()["budgetWaits"]);
        Assert.True(f.Queue.Count > 0);
        f.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await f.Desk.AskOnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal(asked + 1, f.Server.Asked);
    }

    [Fact]
    public void What_waits_is_bounded_and_what_makes_room_is_counted()
    {
        CaseQueue queue = new();
        for (int i = 0; i < CaseQueue.Capacity + 5; i++)
        {
            queue.Add(Address.Parse($"10.{i / 65536}.{i / 256 % 256}.{i % 256}"));
        }

        Assert.Equal((CaseQueue.Capacity, 5), (queue.Count, queue.Dropped));
        Assert.True(queue.TryTake(out Address first));
        Assert.Equal("10.0.0.5", $"{first}");
    }

    [Fact]
    public async Task The_pause_doubles_while_a_server_goes_on_failing_and_a_trial_is_one_source()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Scan();
        f.Scan("203.0.113.10", 60);
        f.Server.Fault = ModelFault.ServerError;
        while (!f.Interview.Breaker.IsTripped)
        {
            await f.AskAsync();
        }

        Assert.Equal(TimeSpan.FromSeconds(60), f.Interview.Breaker.Remaining);
        f.Clock.Advance(TimeSpan.FromSeconds(61));
        f.Queue.Add(Address.Parse("203.0.113.10"));
        await f.AskAsync();
        Assert.Equal(1, f.Exchanges.List(long.MaxValue, 1)[0].Sources);
        Assert.Equal(TimeSpan.FromSeconds(120), f.Interview.Breaker.Remaining);
    }

    private static async Task PlayAsync(ModelFixture f)
    {
        f.Store.Board.Guard(new GuardSet([new GuardEntry(Prefix.Parse("198.18.0.9"), "an administrator", Pass: false)]));
        f.Store.Board.Publish(new DecisionRequest(Prefix.Parse("198.18.1.9"), Verdict.Pass, Origin.Operator, "test", 1, null, [], null, "tester"));
        for (int i = 0; i < 12; i++)
        {
            f.Traffic.Wait(0.5).Use("192.0.2.77", 443, remotePort: 41000 + i);
            f.Traffic.Use(Guesser, 22, remotePort: 42000 + i, bytesIn: 1200, bytesOut: 1800, seconds: 0.5);
        }

        foreach (string source in new[] { ModelFixture.Scanner, "203.0.113.10", "198.18.0.9", "198.18.1.9" })
        {
            f.Scan(source, source is ModelFixture.Scanner ? 30 : 90);
        }

        foreach (string source in new[] { ModelFixture.Scanner, "203.0.113.10", "198.18.0.9", "198.18.1.9", Guesser, "192.0.2.77" })
        {
            await f.AskAsync(source);
        }
    }

    private static string Phases(ModelFixture f) =>
        string.Join(' ', new[] { ModelFixture.Scanner, "203.0.113.10", "198.18.0.9", "198.18.1.9", Guesser, "192.0.2.77" }.Select(source => $"{source} {f.Traffic.PhaseOf(source)}"));
}
