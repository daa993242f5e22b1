using System.Net;
using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Coming up, going down, and what can be in the way.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.BuildAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("native")]
    [InlineData("generic")]
    public async Task A_clean_stop_leaves_nothing_in_the_kernel(string mode)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(XdpMode: mode), cancellation);
        await _stage.Api.MustDecideAsync("203.0.113.10", "drop", cancellation);
        Assert.Equal(mode, (await _stage.Api.StatsAsync(cancellation)).AttachMode);
        Assert.Contains("xdp", await _stage.Network.AttachedAsync(), StringComparison.Ordinal);
        Assert.True(Directory.Exists(_stage.Run.PinPath));

        var stopped = await _stage.Appliance.StopAsync();

        Assert.Equal(0, stopped.ExitCode);
        Assert.Equal("nothing", await _stage.Network.AttachedAsync());
        Assert.False(Directory.Exists(_stage.Run.PinPath));
    }

    [Fact]
    public async Task Trap15_a_mode_that_the_device_refuses_is_refused_with_a_sentence_and_nothing_stays()
    {
        var refused = await _stage.Appliance.RefuseAsync(new ApplianceSettings(XdpMode: "offload"), TestContext.Current.CancellationToken);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("cannot run XDP programs on the card", refused.Output + refused.Errors, StringComparison.Ordinal);
        Assert.Equal("nothing", await _stage.Network.AttachedAsync());
        Assert.False(Directory.Exists(_stage.Run.PinPath));
    }

    [Fact]
    public async Task Trap16_another_xdp_program_is_refused_with_a_sentence_and_left_alone()
    {
        await PassProgram.AttachAsync(_stage.Network.Edge, LabNetwork.Wan, _stage.Run);
        var before = await PassProgram.IdAsync(_stage.Network.Edge, LabNetwork.Wan);

        var refused = await _stage.Appliance.RefuseAsync(new ApplianceSettings(), TestContext.Current.CancellationToken);

        Assert.False(refused.TimedOut, "it went on without its wall");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("another XDP program", refused.Output + refused.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Unhandled exception", refused.Errors, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(before));
        Assert.Equal(before, await PassProgram.IdAsync(_stage.Network.Edge, LabNetwork.Wan));
    }

    [Fact]
    public async Task An_interface_that_goes_and_comes_back_is_guarded_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        var network = _stage.Network;
        var source = network.Second.Addresses4[0];
        await _stage.Api.MustDecideAsync(source.ToString(), "drop", cancellation);

        await network.Outside.RunAsync("ip", "link", "delete", "toedge");
        await network.ConnectWanAsync();

        Assert.True(await Tool.UntilAsync(async () => (await network.AttachedAsync()).Contains("xdp", StringComparison.Ordinal), s_patience, cancellation), "the wall did not come back");
        Assert.True(await Tool.UntilAsync(() => _stage.Api.IsReadyAsync(cancellation), s_patience, cancellation));
        var echo = new IPEndPoint(network.Server.Addresses4[0], ProtectedServer.EchoPort);
        using var banned = EchoProbe.Start(network.Second.OpenUdp(source), echo, TimeSpan.FromMilliseconds(10));
        using var honest = EchoProbe.Start(network.Client.OpenUdp(network.Client.Addresses4[0]), echo, TimeSpan.FromMilliseconds(10));
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(honest.Answered > 20 && banned.Sent > 20), s_patience, cancellation), "honest traffic did not come back");
        Assert.Equal(0, banned.Answered);
    }

    [Fact]
    public async Task A_second_appliance_on_the_same_state_is_refused_with_a_sentence()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);

        await using var second = _stage.Network.Edge.Start(
            ["dotnet", AppliancePlace.Find(), "run", "--config", _stage.Appliance.ConfigurationFile, "--state", _stage.Appliance.StateFolder]);
        var refused = await second.WaitAsync(s_patience, cancellation);

        Assert.False(refused.TimedOut, "it went on beside the first");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.DoesNotContain("Unhandled exception", refused.Errors, StringComparison.Ordinal);
        Assert.True(await _stage.Api.IsReadyAsync(cancellation), "the first was disturbed");
        Assert.Contains("xdp", await _stage.Network.AttachedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_refused_with_a_sentence()
    {
        await _stage.Network.Outside.RunAsync("ip", "link", "delete", "toedge");

        var refused = await _stage.Appliance.RefuseAsync(new ApplianceSettings(), TestContext.Current.CancellationToken);

        Assert.False(refused.TimedOut, "it went on without its wall");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("wan", refused.Output + refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", refused.Errors, StringComparison.Ordinal);
    }
}
