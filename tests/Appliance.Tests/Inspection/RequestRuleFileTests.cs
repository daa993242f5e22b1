using Blackwall.Inspection;
using Xunit;

namespace Blackwall.Tests.Inspection;

public sealed class RequestRuleFileTests
{
    private static string Error(string line)
    {
        (_, IReadOnlyList<string> errors) = RequestRuleFile.Parse($"# one\n\n{line}\n", "rules");
        return Assert.Single(errors);
    }

    [Fact]
    public void A_rule_has_the_comment_right_before_it()
    {
        (IReadOnlyList<RequestRule> rules, IReadOnlyList<string> errors) = RequestRuleFile.Parse(
            "# of the file\n\n# first\n# second\na.1 target contains 0.5 A b\nb.1 agent is 1 \" x \"\n", "rules");
        Assert.Empty(errors);
        Assert.Equal(
            [("a.1", RulePlace.Target, RuleMatch.Contains, 0.5, "a b", "first second"), ("b.1", RulePlace.Agent, RuleMatch.Is, 1, " x ", null)],
            rules.Select(r => (r.Id, r.Place, r.Match, r.Weight, r.Pattern, r.Comment)));
    }

    [Theory]
    [InlineData("a target contains 0.5", "a rule is 'id place match weight pattern'")]
    [InlineData("A! target contains 0.5 x", "the id is")]
    [InlineData("a where contains 0.5 x", "'where' is not a place: one of method, target, raw-target")]
    [InlineData("a target like 0.5 x", "'like' is not a way to match")]
    [InlineData("a target contains 1.5 x", "the weight is a number within 0..1 or 'login'")]
    [InlineData("a target contains -1 x", "the weight is a number within 0..1")]
    [InlineData("a target contains 1 \"\"", "the pattern has 1..256 characters")]
    [InlineData("a target regex 1 (", "the expression is not understood")]
    [InlineData("a target regex 1 (?=x)y", "the expression is not understood")]
    [InlineData("a target regex 1 (x)\\1", "the expression is not understood")]
    [InlineData("a target regex 1 x*", "the expression matches everything")]
    public void A_wrong_line_is_told_with_file_line_and_what_is_wanted(string line, string sentence) =>
        Assert.StartsWith($"rules:3: {sentence}", Error(line), StringComparison.Ordinal);

    [Fact]
    public void A_rule_may_say_where_logins_are_posted_to_and_weighs_nothing_then()
    {
        RequestRule rule = Assert.Single(RequestRuleFile.Parse("login.own target prefix login /Own/Enter", "rules").Rules);
        Assert.Equal((true, 0, "/own/enter"), (rule.IsLogin, rule.Weight, rule.Pattern));
    }

    [Fact]
    public void An_id_stands_for_one_rule()
    {
        (_, IReadOnlyList<string> errors) = RequestRuleFile.Parse("a agent is 1 x\na agent is 1 y", "rules");
        Assert.Equal(["rules:2: there is a rule 'a' already."], errors);
    }

    [Fact]
    public void There_is_an_end_to_rules_and_errors()
    {
        Assert.Equal(100, RequestRuleFile.Parse(string.Join('\n', Enumerable.Repeat("bad", 5000)), "rules").Errors.Count);
        Assert.Equal(["rules:2001: more than 2000 rules."], RequestRuleFile.Parse(string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"a{i} agent is 1 x")), "rules").Errors);
    }

    [Fact]
    public void The_shipped_rules_are_what_an_operator_finds_beside_the_program()
    {
        (IReadOnlyList<RequestRule> rules, IReadOnlyList<string> errors) = RequestRuleFile.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "dpi-rules")), "dpi-rules");
        Assert.Empty(errors);
        Assert.InRange(rules.Count, 100, 500);
        Assert.Equal(new InspectionOptions().Rules.Select(r => r.Id), rules.Select(r => r.Id));
    }
}
