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
    private async Task<ConfiguredRules> Start(string[] block, string[]? allow = null, string[]? files = null)
    {
        if (_starts.Count > 0)
        {
            await _starts[^1].StopAsync(TestContext.Current.CancellationToken);
        }

        RuleOptions rules = new() { Blocklist = [.. block.Select(text => Prefix.Parse(text))], Allowlist = [.. (allow ?? []).Select(text => Prefix.Parse(text))], BlocklistFiles = files ?? [] };
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
    public async Task The_block_of_the_file_stands_beside_a_rule_with_an_end_and_stays_when_that_is_over_or_lifted(bool isLifted)
    {
        long id = _fixture.Operator("203.0.113.200", ttl: TimeSpan.FromMinutes(1)).Decision!.Id;
        await Start(["203.0.113.200"]);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(id, _fixture.Board.Find(id)!.Id);
        Assert.Equal([ConfiguredRule.Actor, "tester"], _fixture.Board.ClaimsOf(Scope).Claims.Select(claim => claim.Actor));
        if (isLifted)
        {
            Assert.True(_fixture.Board.Lift(id, "tester", out _));
        }

        _fixture.Clock.Advance(TimeSpan.FromSeconds(32));
        Assert.Null(_fixture.Board.Find(id));
        Assert.Equal((Verdict.Drop, ConfiguredRule.Actor), (_fixture.VerdictOf("203.0.113.200"), _fixture.Board.Rules.For(Scope)?.Actor));
    }

    [Fact]
    public async Task An_allow_of_the_file_takes_its_place_once_the_block_that_kept_it_away_is_over()
    {
        _fixture.Operator("203.0.113.200", ttl: TimeSpan.FromMinutes(1));
        ConfiguredRules start = await Start([], allow: ["203.0.113.200"]);
        Assert.Equal(Verdict.Drop, _fixture.VerdictOf("203.0.113.200"));
        Assert.NotNull(start.Fault);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(62));
        Assert.Equal(ConfiguredRule.Actor, _fixture.Board.Effective(Scope)?.Actor);
        Assert.Null(start.Fault);
    }

    [Fact]
    public async Task A_list_that_changes_is_read_again_and_only_what_differs_is_changed()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("blackwall-rules-").FullName, "list.netset");
        await File.WriteAllTextAsync(path, "9.1.0.1\n9.1.0.2\n9.1.0.3\n", TestContext.Current.CancellationToken);
        ConfiguredRules start = await Start(["9.1.0.3"], files: [path]);
        long kept = _fixture.Board.Effective(Prefix.Parse("9.1.0.2"))!.Id;
        await File.WriteAllTextAsync(path, "9.1.0.2\n9.1.0.4\nnonsense\n127.0.0.1\n", TestContext.Current.CancellationToken);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Verdict.Drop, _fixture.VerdictOf("9.1.0.1"));
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Verdict.Pass, Verdict.Drop, Verdict.Drop, Verdict.Drop], new[] { "9.1.0.1", "9.1.0.2", "9.1.0.3", "9.1.0.4" }.Select(_fixture.VerdictOf));
        Assert.Equal(kept, _fixture.Board.Effective(Prefix.Parse("9.1.0.2"))!.Id);
        Assert.Equal("config", Assert.Single(_fixture.Board.ClaimsOf(Prefix.Parse("9.1.0.3")).Claims).Owner);
        Assert.Contains("2 configured rules are not in force", start.Fault, StringComparison.Ordinal);

        File.Delete(path);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Verdict.Drop, _fixture.VerdictOf("9.1.0.4"));
        Assert.Contains("cannot be read", start.Fault, StringComparison.Ordinal);

        await Start([]);
        Assert.Equal(Verdict.Pass, _fixture.VerdictOf("9.1.0.4"));
    }

    [Fact]
    public async Task A_caller_who_is_named_as_the_file_keeps_his_rule()
    {
        _fixture.Board.Publish(new DecisionRequest(Scope, Verdict.Drop, Origin.Operator, "operator", 1, null, [], null, ConfiguredRule.Actor));
        await Start([]);
        Assert.Equal(Verdict.Drop, _fixture.Board.Rules.For(Scope)!.Verdict);
    }
}
