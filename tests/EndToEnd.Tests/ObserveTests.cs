using Blackwall.Lab.Story;
using Blackwall.Lab.Story.Scenes;

namespace Blackwall.EndToEnd;

/// <summary>Observe mode: decide, count, enforce nothing.</summary>
public sealed class ObserveTests(ObservingEdge edge) : IClassFixture<ObservingEdge>
{
    [Fact]
    public async Task A_banned_source_is_counted_and_not_stopped()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (attacker, server) = (edge.Network.Second, edge.Network.Server);
        var before = await edge.Api.StatsAsync(cancellation);
        await edge.Api.MustDecideAsync(attacker.Addresses4[0].ToString(), "drop", cancellation);

        var status = await attacker.FetchAsync($"http://{server.Addresses4[0]}/", attacker.Addresses4[0], TimeSpan.FromSeconds(5), cancellation);

        Assert.Equal(200, status);
        var counted = (await edge.Api.StatsAsync(cancellation)).Since(before);
        Assert.True(counted.WouldDrop > 0, "what would have been dropped was not counted");
        Assert.Equal(0, counted.Dropped);
    }

    [Fact]
    public async Task A_scan_is_decided_about_and_goes_through()
    {
        var assault = Scenario.PortScan(edge.Network.Attacker, edge.Network.Server, "-sT", 0, v6: false);

        var report = await assault.RunAsync(edge.Stage, d => d is { Origin: "local" }, TestContext.Current.CancellationToken);

        Assert.NotNull(report.Decision);
        Assert.True(report.ConnectedAfterwards);
        Assert.Equal(0, (await edge.Api.StatsAsync(TestContext.Current.CancellationToken)).Dropped);
    }
}
