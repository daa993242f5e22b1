using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public class GuardTests
{
    public static TheoryData<Origin> EveryOrigin => [Origin.Operator, Origin.Local, Origin.Model, Origin.Mesh, Origin.Feed];

    [Theory]
    [MemberData(nameof(EveryOrigin))]
    public void Nobody_blocks_what_is_guarded_nor_a_prefix_around_it_and_the_refusal_names_it(Origin origin)
    {
        using BoardFixture f = new();
        f.Guard(("8.8.8.8", "a resolver of this machine"));
        foreach (Verdict verdict in new[] { Verdict.RateLimit, Verdict.RedirectToTarpit, Verdict.Drop })
        {
            foreach (string scope in new[] { "8.8.8.8", "8.8.8.0/24" })
            {
                PublishResult result = f.Board.Publish(new DecisionRequest(Prefix.Parse(scope), verdict, origin, "x", 1, null, [], null, "t"));
                Assert.Null(result.Decision);
                Assert.Contains("a resolver of this machine", result.Refusal, StringComparison.Ordinal);
            }
        }

        Assert.Equal(Verdict.Pass, f.VerdictOf("8.8.8.8"));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("224.0.0.251")]
    [InlineData("ff02::1")]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("128.0.0.0/1")]
    [InlineData("fe00::/7")]
    public void What_is_guarded_on_every_machine_is_refused_to_the_operator_too(string scope)
    {
        using BoardFixture f = new();
        PublishResult result = f.Operator(scope);
        Assert.Null(result.Decision);
        Assert.NotEmpty(result.Refusal!);
        Assert.Equal(0, new BoardStats(f.Board).Read()["decisions"]);
    }

    [Fact]
    public void A_guarded_host_passes_through_a_block_that_was_there_before_it_was_guarded()
    {
        using BoardFixture f = new();
        f.Operator("9.1.0.0/16");
        f.Board.Wall.DrainDirty([]);
        f.Guard(("9.1.2.3", "the peer of a login session"));
        List<Prefix> dirty = [];
        f.Board.Wall.DrainDirty(dirty);
        Assert.Equal([Prefix.Parse("9.1.2.3")], dirty);
        Assert.True(f.Board.Wall.TryEntry(Prefix.Parse("9.1.2.3"), out PolicyEntry entry));
        Assert.Equal((Verdict.Pass, (byte)0), (entry.Verdict, entry.Rank));
        Assert.Equal(Verdict.Drop, f.VerdictOf("9.1.2.4"));

        f.Guard();
        Assert.Equal(Verdict.Drop, f.VerdictOf("9.1.2.3"));
        Assert.False(f.Board.Wall.TryEntry(Prefix.Parse("9.1.2.3"), out _));
    }

    [Fact]
    public void A_guard_decision_cannot_be_lifted_or_asked_for()
    {
        using BoardFixture f = new();
        f.Guard(("9.1.2.3", "a gateway of this machine"));
        Decision guard = f.Board.Effective(Prefix.Parse("9.1.2.3"))!;
        Assert.False(f.Board.Lift(guard.Id, "tester", out _));
        Assert.NotNull(f.Board.Publish(new DecisionRequest(Prefix.Parse("9.1.2.4"), Verdict.Pass, Origin.Guard, "x", 1, null, [], null, "t")).Refusal);
        Assert.Equal(Origin.Guard, f.Board.Effective(Prefix.Parse("9.1.2.3"))!.Origin);
    }

    [Fact]
    public void Nothing_automatic_overlaps_an_allow_rule_and_an_operator_block_is_told_to_remove_it_first()
    {
        using BoardFixture f = new();
        long id = f.Operator("9.1.2.3", Verdict.Pass).Decision!.Id;
        Assert.Contains("allow rule", f.Automatic("9.1.2.3", Origin.Local).Refusal, StringComparison.Ordinal);
        Assert.Contains("allow rule", f.Automatic("9.1.2.0/24", Origin.Feed).Refusal, StringComparison.Ordinal);
        string? refusal = f.Operator("9.1.0.0/16").Refusal;
        Assert.Contains("remove that rule first", refusal, StringComparison.Ordinal);
        Assert.Contains($"{id}", refusal, StringComparison.Ordinal);
        Assert.Contains("remove that rule first", f.Operator("9.1.2.3").Refusal, StringComparison.Ordinal);
        Assert.True(f.Board.Lift(id, "tester", out _));
        Assert.Null(f.Operator("9.1.2.3").Refusal);
    }

    [Fact]
    public void An_allow_rule_can_be_turned_into_a_block_by_editing_it()
    {
        using BoardFixture f = new();
        long id = f.Operator("9.1.2.3", Verdict.Pass).Decision!.Id;
        DecisionRequest request = new(Prefix.Parse("9.1.2.3"), Verdict.Drop, Origin.Operator, "x", 1, null, [], null, "t");
        Assert.Equal(id, f.Board.Amend(id, request)!.Value.Decision!.Id);
        Assert.Equal(Verdict.Drop, f.VerdictOf("9.1.2.3"));
        Assert.Null(f.Board.Amend(id + 1, request));
    }
}
