using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>The wall outlives the process that built it.</summary>
public sealed class CrashTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Killed_under_attack_the_wall_stands_and_the_next_process_adopts_it_with_no_packet_unguarded()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var network = edge.Network;
        var source = network.Second.Addresses4[0];
        var echo = new IPEndPoint(network.Server.Addresses4[0], ProtectedServer.EchoPort);
        var ban = await edge.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        using var banned = EchoProbe.Start(network.Second.OpenUdp(source), echo, s_fast);
        using var honest = EchoProbe.Start(network.Client.OpenUdp(network.Client.Addresses4[0]), echo, s_slow);
        await GoesOnAsync(banned, honest);
        var generation = await edge.Api.StatsAsync(cancellation);

        await edge.Stage.Appliance.CrashAsync();
        await GoesOnAsync(banned, honest);
        await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        await GoesOnAsync(banned, honest);

        Assert.Equal(0, banned.Answered);
        var stats = await edge.Api.StatsAsync(cancellation);
        Assert.True(stats.Adopted);
        Assert.True(stats.Dropped > generation.Dropped, "the counters of the standing wall were lost");
        Assert.Contains(await edge.Api.DecisionsAsync(source, cancellation), d => d.Id == ban.Id);

        await edge.Api.LiftAsync(ban.Id, cancellation);
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(banned.Answered > 0), s_patience, cancellation), "the new process does not steer the wall");
    }

    [Fact]
    public async Task A_new_version_takes_over_under_traffic_after_a_hand_over()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var network = edge.Network;
        var source = network.Second.Addresses4[1];
        var echo = new IPEndPoint(network.Server.Addresses4[0], ProtectedServer.EchoPort);
        var ban = await edge.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        using var banned = EchoProbe.Start(network.Second.OpenUdp(source), echo, s_fast);
        using var honest = EchoProbe.Start(network.Client.OpenUdp(network.Client.Addresses4[0]), echo, s_slow);
        await GoesOnAsync(banned, honest);

        var ended = await edge.Stage.Appliance.RunHandOverAsync(cancellation);
        await GoesOnAsync(banned, honest);
        await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        await GoesOnAsync(banned, honest);

        Assert.True(ended.ExitCode == 0, $"{ended.ExitCode}: {ended.Output}{ended.Errors}");
        Assert.Equal(0, banned.Answered);
        Assert.True((await edge.Api.StatsAsync(cancellation)).Adopted);
        await edge.Api.LiftAsync(ban.Id, cancellation);
    }

    [Fact]
    public async Task A_corrupt_database_takes_no_decision_off_the_standing_wall()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var source = edge.Network.Second.Addresses4[2];
        await edge.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        await edge.Stage.Appliance.CrashAsync();
        foreach (var file in Directory.EnumerateFiles(edge.Stage.Appliance.StateFolder, "blackwall.db*"))
        {
            await File.WriteAllBytesAsync(file, new byte[8192], cancellation);
        }

        await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);

        var kept = Assert.Single(await edge.Api.DecisionsAsync(source, cancellation));
        Assert.Equal(("drop", "recovered"), (kept.Verdict, kept.Reason));
        await edge.Api.LiftAsync(kept.Id, cancellation);
    }

    /// <summary>Both have sent, and the honest one was answered, in the time that follows.</summary>
    private static async Task GoesOnAsync(EchoProbe banned, EchoProbe honest)
    {
        var (sent, answered) = (banned.Sent, honest.Answered);
        Assert.True(
            await Tool.UntilAsync(() => Task.FromResult(banned.Sent > sent + 500 && honest.Answered > answered + 20), s_patience, TestContext.Current.CancellationToken),
            "honest traffic stopped");
    }
}
