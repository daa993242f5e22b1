using Blackwall.Lab.Edge;
using Blackwall.Lab.Story;
using Blackwall.Lab.Story.Scenes;

namespace Blackwall.EndToEnd;

/// <summary>Real tools attack; the wall answers; users do not notice.</summary>
public sealed class AttackTests(Edge edge) : IClassFixture<Edge>
{
    [Theory]
    [InlineData("-sS", 0, false)]
    [InlineData("-sT", 1, false)]
    [InlineData("-sS", 2, true)]
    [InlineData("-sT", 3, true)]
    public async Task A_port_scan_is_limited_and_told_blocks_nobody_and_users_notice_nothing(string technique, int address, bool v6)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var assault = Scenario.PortScan(edge.Network.Attacker, edge.Network.Server, technique, address, v6);
        await using var honest = edge.Stage.StartHonestWork();

        var report = await assault.RunAsync(edge.Stage, d => d is { Origin: "local" }, cancellation);

        Assert.True(report.Decision is { Blocks: false }, $"{report.Decision}");
        Assert.All(await edge.Api.DecisionsAsync(assault.Source, cancellation), d => Assert.False(d.Blocks, d.ToString()));
        Assert.Contains("port-scan", await edge.Api.EvidenceKindsAsync(assault.Source, cancellation));
        NothingWrong(honest);
    }

    [Fact]
    public Task A_brute_force_of_ssh_is_blocked_with_proof_and_users_notice_nothing() => IsBlockedAsync(Scenario.BruteForce(edge.Stage));

    [Fact]
    public Task Http_probing_is_blocked_with_proof_and_users_notice_nothing() => IsBlockedAsync(Scenario.HttpProbing(edge.Stage));

    [Theory]
    [InlineData("-sX", 8, false)]
    [InlineData("-sN", 9, false)]
    [InlineData("-sF", 10, false)]
    [InlineData("-sX", 8, true)]
    [InlineData("-sN", 9, true)]
    [InlineData("-sF", 10, true)]
    public async Task Packets_with_impossible_flags_never_arrive_and_block_nobody(string technique, int address, bool v6)
    {
        var assault = Scenario.Stealth(edge.Network.Attacker, edge.Network.Server, technique, address, v6);
        var report = await assault.RunAsync(edge.Stage, d => d is { Origin: "local" }, TestContext.Current.CancellationToken);

        Assert.NotEmpty(report.Sent);
        Assert.Empty(report.Passed);
        Assert.All(await edge.Api.DecisionsAsync(assault.Source, TestContext.Current.CancellationToken), d => Assert.False(d.Blocks, d.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_of_invented_sources_blocks_nobody_is_held_back_and_users_notice_nothing(bool v6)
    {
        await using var honest = edge.Stage.StartHonestWork();
        var facts = new FactBook(new Narrator(TextWriter.Null));
        var play = new Play(edge.Stage, honest, facts, new Narrator(TextWriter.Null), []);

        await new SpoofedFloodScene(v6).PlayAsync(play, TestContext.Current.CancellationToken);

        Assert.All(facts.All, f => Assert.True(f.Holds, f.ToString()));
        NothingWrong(honest);
    }

    private async Task IsBlockedAsync(Assault assault)
    {
        await using var honest = edge.Stage.StartHonestWork();

        var report = await assault.RunAsync(edge.Stage, IsBlock, TestContext.Current.CancellationToken);

        Assert.NotNull(report.Decision);
        Assert.True(report.Decision.EvidenceClass is "handshake" or "application", report.Decision.ToString());
        Assert.NotNull(report.Decision.Expiry);
        Assert.True(report.SentAfterBlock > 0, "the attack did not go on after the block, so nothing was shown");
        Assert.Equal(0, report.PassedAfterBlock);
        Assert.False(report.ConnectedAfterwards);
        NothingWrong(honest);
    }

    private static bool IsBlock(DecisionView decision) => decision is { Blocks: true, Origin: "local" };

    private static void NothingWrong(Lab.Honest.HonestWorkload honest)
    {
        var tally = honest.Tally;
        Assert.True(tally.Failed == 0, string.Join("; ", tally.Failures));
        Assert.True(tally.Succeeded > 0);
    }
}
