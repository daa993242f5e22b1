using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Questions to new sources reach them on a link whose other end takes nothing that XDP sends.</summary>
public sealed class ChallengeTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.BuildAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("native")]
    [InlineData("generic")]
    public async Task A_veth_whose_peer_has_no_program_gets_its_questions_from_traffic_control(string mode)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var network = _stage.Network;
        await network.Outside.RunAsync("ip", "link", "set", "dev", "toedge", "xdp", "off");
        await _stage.Appliance.StartAsync(new ApplianceSettings(XdpMode: mode), cancellation);
        foreach (var source in new[] { network.Client.Addresses4[0], network.Client.Addresses6[0] })
        {
            await _stage.Api.MustDecideAsync(source.ToString(), "rate-limit", cancellation);
        }

        var asked = (await _stage.Api.StatsAsync(cancellation)).Count("tx-challenge");
        Assert.Equal(200, await network.Client.FetchAsync($"http://{network.Server.Addresses4[0]}/", network.Client.Addresses4[0], s_patience, cancellation));
        Assert.Equal(200, await network.Client.FetchAsync($"http://[{network.Server.Addresses6[0]}]/", network.Client.Addresses6[0], s_patience, cancellation));
        Assert.True(await Tool.UntilAsync(async () => (await _stage.Api.StatsAsync(cancellation)).Count("tx-challenge") >= asked + 2, s_patience, cancellation), "nobody was asked");
        Assert.True((await _stage.Api.StatsAsync(cancellation)).Count("drop-proof") >= 2, "nobody answered");
    }
}
