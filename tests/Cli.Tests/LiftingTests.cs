using System.Text.Json.Nodes;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"unblock" and "lift" by what decisions have in common.</summary>
public sealed class LiftingTests() : CliFixture(tarpit: true)
{
    [Fact]
    public async Task Unblock_lifts_what_is_automatic_and_the_rule_for_exactly_this_scope_and_names_what_still_stands()
    {
        Detect("203.0.113.9");
        Detect("203.0.113.0/24", "distributed-scan");
        await Run("block", "203.0.113.9", "--reason", "by-hand");
        await Run("block", "203.0.0.0/16", "--reason", "wide");
        long wide = Appliance.Board.Effective(Prefix.Parse("203.0.200.1"))!.Id;
        Detect("203.0.113.10");

        (int code, string output, string error) = await Run("unblock", "203.0.113.9");
        Assert.Equal((0, ""), (code, error));
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Count(line => line.StartsWith("Lifted: drop 203.0.113.", StringComparison.Ordinal)));
        Assert.Contains($"Still stands: drop 203.0.0.0/16, decision {wide} (rule of admin, wide). It is over 203.0.0.0/16, not 203.0.113.9 alone; 'blackwall lift {wide} --api ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(wide, Appliance.Board.Effective(Prefix.Parse("203.0.113.9"))!.Id);
        Assert.Contains("port-scan", (await Run("decisions", "--scope", "203.0.113.10")).Output, StringComparison.Ordinal);

        await Run("lift", $"{wide}");
        Assert.Equal((0, "Nothing stands against 203.0.113.9.\n", ""), await Run("unblock", "203.0.113.9"));
        Assert.Null(VerdictOf("203.0.113.9"));
    }

    [Fact]
    public async Task Unblock_takes_several_addresses_however_they_are_written_and_lets_them_in_for_a_time()
    {
        Detect("2001:db8::7");
        await Run("block", "198.51.100.7/32");
        await Run("block", "198.51.100.0/24");
        (int code, string output, _) = await Run("unblock", "2001:DB8:0::7", "198.51.100.7", "--allow-for", "1h");
        Assert.Equal(0, code);
        Assert.Equal((Verdict.Pass, Verdict.Pass, Verdict.Drop), (VerdictOf("2001:db8::7"), VerdictOf("198.51.100.7"), VerdictOf("198.51.100.8")));
        Assert.Contains("Overridden by the allow: drop 198.51.100.0/24", output, StringComparison.Ordinal);
        Assert.Matches(@"198\.51\.100\.7 is allowed until \S+ \S+Z, decision \d+\.", output);
    }

    [Fact]
    public async Task Unblock_answers_as_json_and_refuses_what_is_no_address()
    {
        Detect("203.0.113.9");
        JsonNode told = JsonNode.Parse((await Run("unblock", "203.0.113.9", "--json")).Output)!;
        Assert.Equal(("203.0.113.9", 1, 0), ((string?)told["scope"], told["lifted"]!.AsArray().Count, told["standing"]!.AsArray().Count));
        (int code, _, string error) = await Run("unblock", "203.0.113.999");
        Assert.Equal(1, code);
        Assert.Contains("'203.0.113.999' is not an IP address or prefix", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lift_by_reason_and_origin_lists_first_and_asks()
    {
        Detect("203.0.113.1");
        Detect("203.0.113.2");
        Detect("203.0.113.3", "brute-force");
        await Run("block", "203.0.113.4", "--reason", "port-scan");

        (int code, string output, string error) = await Run("lift", "--origin", "local", "--reason", "port-scan");
        Assert.Equal((1, "Nothing was lifted: nobody can be asked here; --yes lifts these 2 decisions.\n"), (code, error));
        Assert.Contains("203.0.113.2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.3", output, StringComparison.Ordinal);
        Assert.Equal(1, (await Ask("no\n", "lift", "--origin", "local", "--reason", "port-scan")).Code);
        Assert.Equal(Verdict.Drop, VerdictOf("203.0.113.1"));

        (code, output, _) = await Ask("y\n", "lift", "--origin", "local", "--reason", "port-scan");
        Assert.Equal(0, code);
        Assert.EndsWith("Lift these 2 decisions? Type y: Lifted 2 of 2.\n", output, StringComparison.Ordinal);
        Assert.Equal((null, null, Verdict.Drop, Verdict.Drop), (VerdictOf("203.0.113.1"), VerdictOf("203.0.113.2"), VerdictOf("203.0.113.3"), VerdictOf("203.0.113.4")));
    }

    [Fact]
    public async Task Lift_before_a_time_lifts_what_is_older()
    {
        Detect("203.0.113.1");
        Assert.Equal((0, "No decision is like that.\n", ""), await Run("lift", "--before", "1h", "--yes"));
        Assert.Equal(Verdict.Drop, VerdictOf("203.0.113.1"));
        Assert.Equal(0, (await Run("lift", "--before", "2999-01-01T00:00:00Z", "--yes")).Code);
        Assert.Null(VerdictOf("203.0.113.1"));
        Assert.StartsWith("--before soon: write a time", (await Run("lift", "--before", "soon")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'lift' needs an ID", "lift")]
    [InlineData("'lift' takes ids, or", "lift", "1", "--reason", "x")]
    [InlineData("--origin must be one of operator, local, model, mesh, feed; got 'guard'.", "lift", "--origin", "guard")]
    public async Task Lift_says_what_it_needs(string sentence, params string[] typed)
    {
        (int code, _, string error) = await Run(typed);
        Assert.Equal(64, code);
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_the_refused_are_told_and_the_others_done()
    {
        (int code, string output, string error) = await Run("block", "203.0.113.1", "127.0.0.1", "203.0.113.2");
        Assert.Equal(1, code);
        Assert.Equal(2, output.TrimEnd('\n').Split('\n').Length);
        Assert.Equal("127.0.0.1 is refused: it overlaps 127.0.0.0/8, loopback.\n1 of 3 were refused; the others are done.\n", error);
        Assert.Equal((Verdict.Drop, Verdict.Drop), (VerdictOf("203.0.113.1"), VerdictOf("203.0.113.2")));
    }

    [Theory]
    [InlineData("limit", Verdict.RateLimit)]
    [InlineData("redirect", Verdict.RedirectToTarpit)]
    [InlineData("block", Verdict.Drop)]
    [InlineData("allow", Verdict.Pass)]
    public async Task Each_verdict_has_its_verb(string verb, Verdict verdict)
    {
        (int code, _, string error) = await Run(verb, "203.0.113.1", "2001:db8::/64", "--ttl", "1h30m");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal((verdict, verdict), (VerdictOf("203.0.113.1"), VerdictOf("2001:db8::1")));
        Decision rule = Appliance.Board.Effective(Prefix.Parse("203.0.113.1"))!;
        Assert.Equal(TimeSpan.FromMinutes(90), rule.Expiry - rule.Start);
        await Run(verb, "203.0.113.1", "--ttl", "never");
        Assert.Null(Appliance.Board.Effective(Prefix.Parse("203.0.113.1"))!.Expiry);
        Assert.Matches(@"203\.0\.113\.1 .* never ", (await Run("rules")).Output);
    }

    [Fact]
    public async Task A_decision_that_an_allow_overrides_says_so_and_why()
    {
        Detect("203.0.113.9");
        Detect("198.51.100.1");
        await Run("allow", "203.0.113.0/24");
        long allow = Appliance.Board.Effective(Prefix.Parse("203.0.113.0/24"))!.Id;
        string[] lines = (await Run("decisions")).Output.Split('\n');
        Assert.Contains($"no, overridden by pass 203.0.113.0/24, decision {allow} (rule of admin)", lines.Single(line => line.Contains(" 203.0.113.9 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("overridden", lines.Single(line => line.Contains(" 198.51.100.1 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("overridden by pass", (await Run("why", "203.0.113.9")).Output, StringComparison.Ordinal);
        await Run("lift", $"{allow}");
        Assert.DoesNotContain("overridden", (await Run("decisions")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_y_keeps_a_change_and_anything_else_takes_it_back()
    {
        (int code, string output, _) = await Ask("y\n", "block", "203.0.113.1", "203.0.113.2", "--trial", "5m");
        Assert.Equal(0, code);
        Assert.Contains("is confirmed and stays", output, StringComparison.Ordinal);
        Assert.Equal((Verdict.Drop, Verdict.Drop), (VerdictOf("203.0.113.1"), VerdictOf("203.0.113.2")));
        await Ask("maybe\n", "block", "203.0.113.3", "--trial", "5m");
        Assert.Null(VerdictOf("203.0.113.3"));
    }
}
