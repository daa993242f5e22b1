using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Story.Scenes;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>A gateway with a wall on both of its interfaces: one policy, and each flow is told of once.</summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private const long LargeTransfer = 40L << 20;
    private const string BothSides = $"""inside = ["{LabNetwork.Lan}"]""";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private Stage _stage = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LabNetwork Network => _stage.Network;

    public async ValueTask InitializeAsync() => _stage = await Stage.BuildAsync(Cancellation);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Both_interfaces_are_guarded_counted_and_told_of_and_honest_work_goes_on()
    {
        await StartAsync(BothSides);
        await using var honest = _stage.StartHonestWork();
        var transfer = new Transfer(Network.Client.Network, Network.Client.Addresses4[0], new IPEndPoint(Network.Server.Addresses4[0], 80));
        Assert.True(await transfer.FetchAsync(LargeTransfer, s_patience, Cancellation), "the transfer did not end");
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(honest.Tally.Succeeded > 50), s_patience, Cancellation));
        var tally = honest.Tally;
        Assert.True(tally.Failed == 0, string.Join("; ", tally.Failures));

        var walls = await WallsAsync();
        Assert.Equal([("wan", "outside", "native"), ("lan", "inside", "native")], walls.Select(w => (w.Name, w.Side, w.AttachMode)));
        Assert.All(walls, w => Assert.True(w.Packets > 1000, $"{w.Name} counted {w.Packets} packets"));
        var stats = await _stage.Api.ReadAsync("stats", Cancellation);
        Assert.Equal(stats["counters"]!.AsArray().Sum(c => (long)c!["packets"]!), Walls(stats).Sum(w => w.Packets));

        // What the server answers is no attack of his, and nobody inside is blamed for what came in from outside.
        Assert.Empty(await _stage.Api.EvidenceKindsAsync(Network.Server.Addresses4[0], Cancellation));
        Assert.DoesNotContain(await _stage.Api.DecisionsAsync(null, Cancellation), d => d.Origin is "local");
    }

    [Fact]
    public async Task An_attack_from_outside_is_blocked_at_the_outer_interface_once()
    {
        await StartAsync(BothSides);
        var report = await Scenario.BruteForce(_stage).RunAsync(_stage, d => d is { Blocks: true, Origin: "local" }, Cancellation);

        Assert.NotNull(report.Decision);
        Assert.Equal(0, report.PassedAfterBlock);
        var walls = await WallsAsync();
        Assert.True(walls[0].Dropped > 0, "nothing was dropped outside");
        Assert.Equal(0, walls[1].Dropped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_inside_that_scans_the_outside_is_told_by_its_own_address_and_not_blocked(bool behindNat)
    {
        if (behindNat)
        {
            await Network.Edge.RunAsync("nft", "add table ip hide; add chain ip hide out { type nat hook postrouting priority 100; }; add rule ip hide out oifname wan masquerade");
        }

        await StartAsync(BothSides);
        var server = Network.Server.Addresses4[0];
        await Network.Server.Network.RunAsync("nmap", "-sT", "-Pn", "-n", "-T4", "--max-retries", "0", "-p", "2000-2059", $"{Network.Client.Addresses4[0]}");

        Assert.True(
            await Tool.UntilAsync(async () => (await _stage.Api.EvidenceKindsAsync(server, Cancellation)).Contains("outbound-scan", StringComparer.Ordinal), s_patience, Cancellation),
            string.Join(", ", await _stage.Api.EvidenceKindsAsync(server, Cancellation)));
        Assert.Equal(["outbound-scan"], (await _stage.Api.EvidenceKindsAsync(server, Cancellation)).Distinct(StringComparer.Ordinal));
        Assert.Empty(await _stage.Api.EvidenceKindsAsync(LabNetwork.EdgeWan4, Cancellation));
        Assert.DoesNotContain(await _stage.Api.DecisionsAsync(null, Cancellation), d => d.Origin is "local");
    }

    [Fact]
    public async Task A_rule_about_a_host_inside_holds_at_the_inner_interface_and_only_counts_where_that_only_observes()
    {
        await StartAsync(BothSides);
        var server = Network.Server.Addresses4[1];
        var echo = new IPEndPoint(Network.Client.Addresses4[0], ProtectedServer.EchoPort);
        using var answering = Network.Client.Network.OpenDualUdp(ProtectedServer.EchoPort);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var served = EchoAsync(answering, stop.Token);
        using var probe = EchoProbe.Start(Network.Server.OpenUdp(server), echo, TimeSpan.FromMilliseconds(100));
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(probe.Answered > 5), s_patience, Cancellation), "the probe is not answered");

        var rule = await _stage.Api.MustDecideAsync(server.ToString(), "drop", Cancellation);
        var (sent, before) = (probe.Sent, probe.Answered);
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(probe.Sent > sent + 20), s_patience, Cancellation));

        // One may have been on its way when the rule came.
        Assert.InRange(probe.Answered, before, before + 1);
        Assert.True((await WallsAsync())[1].Dropped > 10);

        await _stage.Api.LiftAsync(rule.Id, Cancellation);
        await _stage.Appliance.StopAsync();
        await StartAsync(BothSides + $"""{'\n'}observe_only = ["{LabNetwork.Lan}"]""");
        await _stage.Api.MustDecideAsync(server.ToString(), "drop", Cancellation);
        var answered = probe.Answered;
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(probe.Answered > answered + 20), s_patience, Cancellation), "it is not answered where nothing is enforced");
        var walls = await WallsAsync();
        Assert.Equal(("observe", 0), (walls[1].Mode, walls[1].Dropped));
        Assert.True(walls[1].WouldDrop > 10);
        Assert.Equal("enforce", walls[0].Mode);
        await stop.CancelAsync();
        await served;
    }

    [Fact]
    public async Task Both_walls_outlive_the_process_are_adopted_and_leave_nothing_behind()
    {
        await StartAsync(BothSides);
        var source = Network.Second.Addresses4[0];
        await _stage.Api.MustDecideAsync(source.ToString(), "drop", Cancellation);
        using var banned = EchoProbe.Start(Network.Second.OpenUdp(source), new IPEndPoint(Network.Server.Addresses4[0], ProtectedServer.EchoPort), s_interval);
        await _stage.Appliance.CrashAsync();
        Assert.Equal(2, await AttachedAsync());
        await StartAsync(BothSides);
        Assert.All(await WallsAsync(), w => Assert.True(w.Adopted, w.Name));
        var sent = banned.Sent;
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(banned.Sent > sent + 100), s_patience, Cancellation));
        Assert.Equal(0, banned.Answered);

        await _stage.Appliance.StopAsync();
        Assert.Equal(0, await AttachedAsync());
        Assert.Equal("nothing", await Network.AttachedAsync());
        Assert.False(Directory.Exists(_stage.Run.PinPath));
    }

    private Task StartAsync(string network) => _stage.Appliance.StartAsync(new ApplianceSettings(Network: network), Cancellation);

    private async Task<int> AttachedAsync() =>
        (await Network.Edge.RunAsync("ip", "-o", "link", "show")).Split('\n').Count(line => line.Contains("prog/xdp", StringComparison.Ordinal));

    private async Task<IReadOnlyList<WallRow>> WallsAsync() => Walls(await _stage.Api.ReadAsync("stats", Cancellation));

    private static IReadOnlyList<WallRow> Walls(JsonNode stats) => [.. stats["walls"]!.AsArray().Select(wall => WallRow.Of(wall!))];

    private static async Task EchoAsync(Socket socket, CancellationToken cancellation)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.IPv6Any, 0), cancellation);
                await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private sealed record WallRow(string Name, string Side, string Mode, string? AttachMode, bool Adopted, long Packets, long Dropped, long WouldDrop)
    {
        public static WallRow Of(JsonNode row)
        {
            var wall = row["wall"]!;
            var counters = row["counters"]!.AsArray();
            return new WallRow(
                (string)wall["interface"]!,
                (string)wall["side"]!,
                (string)wall["mode"]!,
                (string?)wall["attachMode"],
                (bool)wall["adopted"]!,
                counters.Sum(c => (long)c!["packets"]!),
                counters.Where(IsPolicy).Sum(c => (long)c!["packets"]!),
                counters.Where(IsPolicy).Sum(c => (long)c!["wouldPackets"]!));
        }

        private static bool IsPolicy(JsonNode? counter) => (string)counter!["reason"]! is "drop-host" or "drop-prefix";
    }
}
