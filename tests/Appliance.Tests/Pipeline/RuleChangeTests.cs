using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public class RuleChangeTests
{
    [Fact]
    public void A_change_is_made_whole_or_not_at_all()
    {
        using BoardFixture f = new();
        f.Guard(("192.0.2.1", "a gateway of this machine"));
        RuleChange change = new([Drop("203.0.113.0/24"), Drop("192.0.2.0/24")], []);
        (string field, string sentence) = Assert.Single(f.Board.Rules.Change(change, "tester"));
        Assert.Equal("rules[1]", field);
        Assert.Contains("a gateway of this machine", sentence, StringComparison.Ordinal);
        Assert.Equal(Verdict.Pass, f.VerdictOf("203.0.113.9"));
    }

    [Fact]
    public void What_a_change_replaced_comes_back_with_the_time_that_is_left()
    {
        using BoardFixture f = new();
        f.Operator("203.0.113.1", Verdict.RateLimit, TimeSpan.FromMinutes(10));
        f.Operator("203.0.113.2", Verdict.Pass);
        RuleChange change = new([Drop("203.0.113.1"), Drop("203.0.113.3")], [Prefix.Parse("203.0.113.2")]);
        IReadOnlyList<Decision> replaced = f.Board.Rules.Replaced(change);
        Assert.Empty(f.Board.Rules.Change(change, "tester"));
        Assert.Equal([Verdict.Drop, Verdict.Pass, Verdict.Drop], new[] { "203.0.113.1", "203.0.113.2", "203.0.113.3" }.Select(f.VerdictOf));
        Assert.Null(f.Board.Effective(Prefix.Parse("203.0.113.2")));

        f.Clock.Advance(TimeSpan.FromMinutes(4));
        f.Board.Rules.TakeBack(change, replaced, "appliance");
        Assert.Equal([Verdict.RateLimit, Verdict.Pass, Verdict.Pass], new[] { "203.0.113.1", "203.0.113.2", "203.0.113.3" }.Select(f.VerdictOf));
        Assert.Equal(TimeSpan.FromMinutes(6), f.Board.Effective(Prefix.Parse("203.0.113.1"))!.Expiry - f.Clock.GetUtcNow());
        Assert.Equal(Origin.Operator, f.Board.Effective(Prefix.Parse("203.0.113.2"))!.Origin);
    }

    [Fact]
    public void What_ran_out_meanwhile_and_what_somebody_changed_since_is_left_alone()
    {
        using BoardFixture f = new();
        f.Operator("203.0.113.1", Verdict.RateLimit, TimeSpan.FromMinutes(1));
        RuleChange change = new([Drop("203.0.113.1"), Drop("203.0.113.2")], []);
        IReadOnlyList<Decision> replaced = f.Board.Rules.Replaced(change);
        Assert.Empty(f.Board.Rules.Change(change, "tester"));
        f.Operator("203.0.113.2", Verdict.RateLimit);
        f.Clock.Advance(TimeSpan.FromMinutes(2));
        f.Board.Rules.TakeBack(change, replaced, "appliance");
        Assert.Null(f.Board.Effective(Prefix.Parse("203.0.113.1")));
        Assert.Equal(Verdict.RateLimit, f.VerdictOf("203.0.113.2"));
    }

    [Fact]
    public void A_preview_holds_what_would_decide_and_changes_nothing()
    {
        using BoardFixture f = new();
        f.Operator("203.0.113.64/26", Verdict.Pass);
        f.Automatic("203.0.113.9", Origin.Local);
        f.Automatic("198.51.100.9", Origin.Local);
        RuleChange change = new([Drop("203.0.113.0/26", Verdict.RateLimit), Drop("203.0.113.9/32", Verdict.RedirectToTarpit)], []);
        long version = f.Board.Version;
        PolicyPreview preview = f.Board.Rules.Preview(change);
        Assert.Empty(preview.Refusals);
        Assert.Equal(version, f.Board.Version);
        Dictionary<string, PolicyEntry> entries = preview.Entries.ToArray().ToDictionary(e => $"{e.Scope}", StringComparer.Ordinal);
        Assert.Equal(2, entries.Count);
        Assert.Equal((Verdict.RateLimit, 0), (entries["203.0.113.0/26"].Verdict, PolicyPreview.IndexOf(entries["203.0.113.0/26"].DecisionId)));
        Assert.Equal((Verdict.RedirectToTarpit, 1), (entries["203.0.113.9"].Verdict, PolicyPreview.IndexOf(entries["203.0.113.9"].DecisionId)));
    }

    [Fact]
    public void A_preview_says_what_overrules_a_rule_and_sees_what_the_change_removes()
    {
        using BoardFixture f = new();
        f.Guard(("203.0.113.0/25", "the office"));
        f.Operator("198.51.100.0/24", Verdict.Pass);
        Assert.Contains("allow rule", Assert.Single(f.Board.Rules.Preview(new RuleChange([Drop("198.51.100.9")], [])).Refusals).Sentence, StringComparison.Ordinal);

        PolicyPreview freed = f.Board.Rules.Preview(new RuleChange([Drop("198.51.100.9")], [Prefix.Parse("198.51.100.0/24")]));
        PolicyEntry entry = Assert.Single(freed.Entries.ToArray());
        Assert.Equal(("198.51.100.9", Verdict.Drop), ($"{entry.Scope}", entry.Verdict));

        PolicyPreview allowed = f.Board.Rules.Preview(new RuleChange([Drop("203.0.113.1", Verdict.Pass)], []));
        Assert.Equal(Origin.Guard, Assert.Single(allowed.Overruled).Value.Origin);
    }

    [Fact]
    public void A_preview_agrees_with_the_board_after_the_change()
    {
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            using BoardFixture f = new();
            for (int i = 0; i < 12; i++)
            {
                f.Operator(Scope(random), (Verdict)random.Next(4));
                f.Automatic(Scope(random), Origin.Local, Verdict.RateLimit);
            }

            Prefix[] remove = [.. f.Board.List(new DecisionQuery(null, null, Origin.Operator, null, long.MaxValue, 100)).Items.Select(d => d.Scope).Where(_ => random.Next(3) == 0)];
            RuleChange change = new([.. Enumerable.Range(0, 4).Select(_ => Drop(Scope(random), (Verdict)random.Next(4))).DistinctBy(r => r.Scope).Where(r => !remove.Contains(r.Scope))], remove);
            PolicyPreview preview = f.Board.Rules.Preview(change);
            if (preview.Refusals.Count > 0)
            {
                Assert.NotEmpty(f.Board.Rules.Change(change, "tester"));
                continue;
            }

            Assert.Empty(f.Board.Rules.Change(change, "tester"));
            Dictionary<Prefix, PolicyEntry> after = f.Board.Wall.Snapshot().Entries.ToArray().ToDictionary(e => e.Scope);
            foreach (PolicyEntry expected in preview.Entries.Span)
            {
                // A removed scope has no entry of its own any more; what is around it decides.
                Verdict actual = after.TryGetValue(expected.Scope, out PolicyEntry entry) ? entry.Verdict : f.Board.Effective(expected.Scope)!.Verdict;
                Assert.Equal(expected.Verdict, actual);
            }
        }
    }

    [Fact]
    public void A_hundred_thousand_rules_are_one_change()
    {
        using BoardFixture f = new();
        RuleChange change = new([.. Enumerable.Range(0, 100_000).Select(i => Drop($"9.{i >> 16}.{(i >> 8) & 255}.{i & 255}"))], []);
        Assert.Empty(f.Board.Rules.Change(change, "tester"));
        Assert.Equal(100_000, f.Board.Wall.Snapshot().Entries.Length);
        f.Board.Rules.TakeBack(change, [], "appliance");
        Assert.Equal(0, f.Board.Wall.Snapshot().Entries.Length);
    }

    private static string Scope(Random random)
    {
        int length = new[] { 8, 16, 24, 30, 32 }[random.Next(5)];
        return $"{Prefix.Around(Address.Parse($"9.{random.Next(2)}.{random.Next(2)}.{random.Next(4)}"), length)}";
    }

    private static DecisionRequest Drop(string scope, Verdict verdict = Verdict.Drop) =>
        new(Prefix.Parse(scope), verdict, Origin.Operator, "test", 1, null, [], null, "tester");
}
