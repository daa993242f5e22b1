using System.Net;
using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Whose the wall on an interface is, where it is kept, and how it is taken down by hand.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.BuildAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_second_appliance_with_another_state_folder_is_refused_and_disturbs_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        using var banned = await BanAsync(cancellation);

        await using var second = _stage.Network.Edge.Start(
            ["dotnet", AppliancePlace.Find(), "run", "--config", _stage.Appliance.ConfigurationFile, "--state", _stage.Run.File("other"), "--set", "api.listen=http://127.0.0.1:9479"]);
        var refused = await second.WaitAsync(s_patience, cancellation);

        Assert.False(refused.TimedOut, "it went on beside the first");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"Another Blackwall guards {LabNetwork.Wan}", refused.Output + refused.Errors, StringComparison.Ordinal);
        await GoesOnAsync(banned);
        Assert.Equal(0, banned.Answered);
        Assert.True(await _stage.Api.IsReadyAsync(cancellation), "the first was disturbed");
    }

    [Fact]
    public async Task Off_refuses_while_a_process_guards_and_takes_down_what_a_dead_one_left()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        using var banned = await BanAsync(cancellation);

        var refused = await OffAsync(cancellation);
        Assert.Equal(69, refused.ExitCode);
        Assert.Contains("stop it first", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("xdp", await _stage.Network.AttachedAsync(), StringComparison.Ordinal);

        await _stage.Appliance.CrashAsync();
        await GoesOnAsync(banned);
        Assert.Equal(0, banned.Answered);
        var taken = await OffAsync(cancellation);

        Assert.Equal(0, taken.ExitCode);
        Assert.Contains("is down", taken.Output, StringComparison.Ordinal);
        Assert.Equal("nothing", await _stage.Network.AttachedAsync());
        Assert.False(Directory.Exists(_stage.Run.PinPath));
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(banned.Answered > 0), s_patience, cancellation), "it still blocks");
        Assert.Contains("Nothing of Blackwall", (await OffAsync(cancellation)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_with_another_pin_path_leaves_a_guarded_interface_alone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        using var banned = await BanAsync(cancellation);

        var refused = await _stage.Network.Edge.TryAsync(["dotnet", AppliancePlace.Find(), "off", LabNetwork.Wan, "--pin-path", _stage.Run.PinPath + "-other"], cancellation: cancellation);

        Assert.Equal(69, refused.ExitCode);
        Assert.Contains("A running Blackwall guards", refused.Errors, StringComparison.Ordinal);
        await GoesOnAsync(banned);
        Assert.Equal(0, banned.Answered);
        Assert.True(await _stage.Api.IsReadyAsync(cancellation));
    }

    [Fact]
    public async Task Off_finds_a_wall_whose_pins_are_lost_and_leaves_one_of_the_same_interface_number_elsewhere_alone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var other = await Stage.BuildAsync(cancellation);
        await other.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        await _stage.Appliance.CrashAsync();

        // A handle keeps the links while their pins go, as a lost file system would take them.
        using var xdp = Native.OpenPinned(Path.Combine(_stage.Run.PinPath, LabNetwork.Wan, "link-xdp"));
        using var tcx = Native.OpenPinned(Path.Combine(_stage.Run.PinPath, LabNetwork.Wan, "link-tcx"));
        LabCleaner.RemovePins(_stage.Run.PinPath);
        Assert.Contains("xdp", await _stage.Network.AttachedAsync(), StringComparison.Ordinal);
        var elsewhere = await other.Network.AttachedAsync();

        // Without its lock, only its silence shows that the process is gone.
        Assert.Equal(69, (await OffAsync(cancellation)).ExitCode);
        Assert.True(await Tool.UntilAsync(async () => (await OffAsync(cancellation)).Output.Contains("is down", StringComparison.Ordinal), s_patience, cancellation));

        Assert.Equal("nothing", await _stage.Network.AttachedAsync());
        Assert.Equal(elsewhere, await other.Network.AttachedAsync());
        Assert.Contains("xdp", elsewhere, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_started_in_a_private_mount_namespace_outlives_its_process()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(PrivateMounts: true), cancellation);
        Assert.Contains("pinned in", _stage.Appliance.Log, StringComparison.Ordinal);
        using var banned = await BanAsync(cancellation);

        await _stage.Appliance.CrashAsync();
        await GoesOnAsync(banned);

        Assert.Equal(0, banned.Answered);
        Assert.Contains("xdp", await _stage.Network.AttachedAsync(), StringComparison.Ordinal);
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        Assert.True((await _stage.Api.StatsAsync(cancellation)).Adopted);
    }

    [Fact]
    public async Task A_policy_that_another_process_put_in_force_is_told_and_replaced()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _stage.Appliance.StartAsync(new ApplianceSettings(), cancellation);
        using var banned = await BanAsync(cancellation);

        // A slot without tables: everybody passes.
        var map = Directory.EnumerateFiles(Path.Combine(_stage.Run.PinPath, LabNetwork.Wan), "ACTIVE", SearchOption.AllDirectories).Single();
        Native.WriteMap(map, 0, [3, .. new byte[7], 99, .. new byte[23]]);
        Assert.True(await Tool.UntilAsync(
            () => Task.FromResult(_stage.Appliance.Log.Contains("Another process changed which policy decides", StringComparison.Ordinal)), s_patience, cancellation));
        Assert.True(await Tool.UntilAsync(() => _stage.Api.IsReadyAsync(cancellation), s_patience, cancellation));

        var before = banned.Answered;
        await GoesOnAsync(banned);
        Assert.Equal(before, banned.Answered);
    }

    private async Task<EchoProbe> BanAsync(CancellationToken cancellation)
    {
        var source = _stage.Network.Second.Addresses4[0];
        await _stage.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        var echo = new IPEndPoint(_stage.Network.Server.Addresses4[0], ProtectedServer.EchoPort);
        return EchoProbe.Start(_stage.Network.Second.OpenUdp(source), echo, s_interval);
    }

    private static async Task GoesOnAsync(EchoProbe banned)
    {
        var from = banned.Sent;
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(banned.Sent > from + 50), s_patience, TestContext.Current.CancellationToken));
    }

    private Task<ToolResult> OffAsync(CancellationToken cancellation) =>
        _stage.Network.Edge.TryAsync(["dotnet", AppliancePlace.Find(), "off", LabNetwork.Wan, "--pin-path", _stage.Run.PinPath], cancellation: cancellation);
}
