using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Rules;
using Blackwall.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Rules;

public sealed class ConfiguredRulesTests : IDisposable
{
    private static readonly Prefix Scope = Prefix.Parse("203.0.113.200");
    private readonly BoardFixture _fixture = new();
    private readonly List<ConfiguredRules> _starts = [];

    public void Dispose()
    {
        _starts.ForEach(start => start.Dispose());
        _fixture.Dispose();
    }

    /// <summary>A start with this file; the start before has ended.</summary>
    private async Task<ConfiguredRules> Start(string[] block, string[]? allow = null)
    {
        if (_starts.Count > 0)
        {
            await _starts[^1].StopAsync(TestContext.Current.CancellationToken);
        }

        RuleOptions rules = new() { Blocklist = [.. block.Select(text => Prefix.Parse(text))], Allowlist = [.. (allow ?? []).Select(text => Prefix.Parse(text))] };
        ConfiguredRules configured = new(_fixture.Board, Options.Create(rules), Options.Create(new BoardOptions()), _fixture.Clock, NullLogger<ConfiguredRules>.Instance);
        _starts.Add(configured);
        await configured.StartAsync(TestContext.Current.CancellationToken);
        return configured;
    }

    [Fact]
    public async Task A_rule_made_by_API_stays_when_the_file_names_its_scope_and_then_does_not()
    {
        long id = _fixture.Operator("203.0.113.200").Decision!.Id;
        ConfiguredRules with = await Start(["203.0.113.200", "203.0.113.201"]);
        Assert.Null(with.Fault);
        Assert.Equal((id, "tester"), (_fixture.Board.Rules.For(Scope)!.Id, _fixture.Board.Rules.For(Scope)!.Actor));
        Assert.Equal(ConfiguredRule.Actor, _fixture.Board.Rules.For(Prefix.Parse("203.0.113.201"))!.Actor);

        await Start([]);
        Assert.Equal((id, Verdict.Drop), (_fixture.Board.Rules.For(Scope)!.Id, _fixture.Board.Rules.For(Scope)!.Verdict));
        Assert.Null(_fixture.Board.Rules.For(Prefix.Parse("203.0.113.201")));
    }

    [Fact]
    public async Task A_stricter_rule_made_by_API_stays_and_the_file_says_that_its_own_is_not_in_force()
    {
        _fixture.Operator("203.0.113.200");
        ConfiguredRules start = await Start([], allow: ["203.0.113.200"]);
        Assert.Equal(Verdict.Drop, _fixture.Board.Rules.For(Scope)!.Verdict);
        Assert.Contains("stricter rule", start.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_milder_rule_gives_way_to_the_block_of_the_file()
    {
        _fixture.Operator("203.0.113.200", Verdict.RateLimit);
        await Start(["203.0.113.200"]);
        Assert.Equal((Verdict.Drop, ConfiguredRule.Actor), (_fixture.Board.Rules.For(Scope)!.Verdict, _fixture.Board.Rules.For(Scope)!.Actor));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_a_rule_with_an_end_is_over_the_file_takes_its_place_unless_somebody_lifted_it(bool isLifted)
    {
        long id = _fixture.Operator("203.0.113.200", ttl: TimeSpan.FromMinutes(1)).Decision!.Id;
        await Start(["203.0.113.200"]);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(id, _fixture.Board.Rules.For(Scope)!.Id);
        if (isLifted)
        {
            Assert.True(_fixture.Board.Lift(id, "tester", out _));
        }

        _fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        _fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(isLifted ? null : ConfiguredRule.Actor, _fixture.Board.Rules.For(Scope)?.Actor);
    }

    [Fact]
    public async Task A_caller_who_is_named_as_the_file_keeps_his_rule()
    {
        _fixture.Board.Publish(new DecisionRequest(Scope, Verdict.Drop, Origin.Operator, "operator", 1, null, [], null, ConfiguredRule.Actor));
        await Start([]);
        Assert.Equal(Verdict.Drop, _fixture.Board.Rules.For(Scope)!.Verdict);
    }
}
