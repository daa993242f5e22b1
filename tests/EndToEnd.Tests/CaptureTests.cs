using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Story.Scenes;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>What is captured on a real interface, and what never is.</summary>
public sealed class CaptureTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LabHost Attacker => edge.Network.Second;

    private IPAddress Server => edge.Network.Server.Addresses4[0];

    [Fact]
    public async Task The_capture_of_a_decision_holds_the_attack_before_it_the_attack_after_it_and_nobody_else()
    {
        await using var honest = edge.Stage.StartHonestWork();
        var assault = Scenario.BruteForce(edge.Stage);
        var report = await assault.RunAsync(edge.Stage, d => d is { Blocks: true, Origin: "local" }, Cancellation);

        var capture = await DownloadAsync(file => edge.Api.DownloadCaptureOfDecisionAsync(report.Decision!.Id, file, Cancellation));

        Assert.True(await capture.CountAsync($"src host {assault.Source}") > 0);
        Assert.True(await capture.CountAsync($"dst host {assault.Source}") > 0);
        Assert.Equal(0, await capture.CountStrangersAsync(assault.Source));
        Assert.True(await capture.SaysAsync($"decisions={report.Decision!.Id}"));
        Assert.True(await capture.SaysAsync("seen=before-the-decision"), "nothing of the time before the decision");
        Assert.True(await capture.SaysAsync("seen=dropped-by-the-wall"), "nothing of what the wall dropped");
        Assert.Equal(0, honest.Tally.Failed);
    }

    [Theory]
    [InlineData(false, 5, "")]
    [InlineData(true, 6, "")]
    [InlineData(false, 12, "/31")]
    [InlineData(true, 14, "/127")]
    public async Task A_capture_that_is_asked_for_holds_both_directions_and_nobody_else_while_it_runs(bool v6, int address, string length)
    {
        var source = v6 ? Attacker.Addresses6[address] : Attacker.Addresses4[address];
        var stranger = v6 ? Attacker.Addresses6[address + 2] : Attacker.Addresses4[address + 2];
        var id = await edge.Api.MustCaptureAsync($"{source}{length}", 60, Cancellation);
        await EchoAsync(source);
        await EchoAsync(stranger);
        await CountedAsync(id, 2);

        var capture = await DownloadAsync(file => edge.Api.DownloadCaptureAsync(id, file, Cancellation));

        Assert.True(await capture.CountAsync($"src host {source}") > 0);
        Assert.True(await capture.CountAsync($"dst host {source}") > 0);
        Assert.Equal(0, await capture.CountStrangersAsync(source));
    }

    [Theory]
    [InlineData(false, 9)]
    [InlineData(true, 10)]
    public async Task The_ports_of_api_and_ssh_of_the_machine_itself_are_never_captured(bool v6, int address)
    {
        var source = v6 ? Attacker.Addresses6[address] : Attacker.Addresses4[address];
        var own = v6 ? LabNetwork.EdgeWan6 : LabNetwork.EdgeWan4;
        int[] ports = [22, ApplianceApi.Port, 8081];
        using var ssh = Listen(own, ports[0]);
        using var api = Listen(own, ports[1]);
        using var other = Listen(own, ports[2]);
        var id = await edge.Api.MustCaptureAsync(source.ToString(), 60, Cancellation);
        foreach (var port in ports)
        {
            using var socket = await Attacker.ConnectAsync(new IPEndPoint(own, port), source, s_patience, Cancellation);
            Assert.NotNull(socket);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"secret of port {port}"), Cancellation);
        }

        await CountedAsync(id, 4);

        var capture = await DownloadAsync(file => edge.Api.DownloadCaptureAsync(id, file, Cancellation));

        Assert.True(await capture.CountAsync("port 8081") >= 4);
        Assert.Equal(0, await capture.CountAsync("port not 8081 and tcp"));
        Assert.True(await capture.SaysAsync("secret of port 8081"));
        Assert.False(await capture.SaysAsync("secret of port 22"));
        Assert.False(await capture.SaysAsync($"secret of port {ApplianceApi.Port}"));
    }

    [Fact]
    public async Task Who_becomes_guarded_during_a_capture_is_in_it_no_more()
    {
        var (guarded, captured) = (Attacker.Addresses4[14], Attacker.Addresses4[15]);
        var id = await edge.Api.MustCaptureAsync("198.51.100.24/29", 60, Cancellation);
        await EchoAsync(guarded);
        await CountedAsync(id, 2);

        // A gateway of the machine is guarded; the next capture that is asked for tells the filter at once.
        await edge.Network.Edge.ConfigureAsync($"route add 192.168.77.0/24 via {guarded} dev {LabNetwork.Wan} onlink");
        Assert.True(await Tool.UntilAsync(async () => (await edge.Api.CaptureAsync(guarded.ToString(), 10, Cancellation)).Failure?.Status == 409, TimeSpan.FromSeconds(15), Cancellation));
        var before = await CountOfAsync(id, guarded);
        await EchoAsync(guarded);
        await EchoAsync(captured);
        Assert.True(await Tool.UntilAsync(async () => await CountOfAsync(id, captured) >= 2, s_patience, Cancellation));

        Assert.True(before >= 2);
        Assert.Equal(before, await CountOfAsync(id, guarded));
        await edge.Network.Edge.ConfigureAsync($"route del 192.168.77.0/24 via {guarded} dev {LabNetwork.Wan} onlink");
    }

    [Theory]
    [InlineData("100.64.0.1")]
    [InlineData("100.64.0.2")]
    [InlineData("100.64.0.0/24")]
    [InlineData("127.0.0.1")]
    [InlineData("2001:db8:f::1")]
    [InlineData("0.0.0.0/0")]
    public async Task A_capture_of_the_management_plane_is_refused_with_a_reason(string address)
    {
        var refused = (await edge.Api.CaptureAsync(address, 10, Cancellation)).Failure;

        Assert.Equal(409, refused?.Status);
        Assert.Contains("never captured", refused!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_captures_lists_and_writes_a_file_that_tcpdump_opens()
    {
        var source = Attacker.Addresses4[17];
        var started = await edge.Stage.Appliance.CtlAsync(["capture", source.ToString(), "--seconds", "60", "--json"], Cancellation);
        Assert.True(started.ExitCode == 0, started.Errors);
        var id = (long)JsonNode.Parse(started.Output)!["id"]!;
        await EchoAsync(source);
        await CountedAsync(id, 2);

        var listed = await edge.Stage.Appliance.CtlAsync(["captures", "--address", source.ToString()], Cancellation);
        var file = edge.Stage.Run.File("ctl.pcapng");
        var copied = await edge.Network.Edge.TryAsync(
            ["bash", "-c", "exec \"$@\" > \"$0\"", file, "dotnet", AppliancePlace.FindCli(), "ctl", "capture-file", $"{id}", "--api", ApplianceApi.Address, "--key-file", edge.Stage.Appliance.AdminKeyFile],
            cancellation: Cancellation);

        Assert.Contains(source.ToString(), listed.Output, StringComparison.Ordinal);
        Assert.True(copied.ExitCode == 0, copied.Errors);
        var capture = new DownloadedCapture(file);
        Assert.True(await capture.CountAsync() >= 2);
        Assert.Equal(0, await capture.CountStrangersAsync(source));
    }

    private async Task<int> CountOfAsync(long id, IPAddress address) =>
        await (await DownloadAsync(file => edge.Api.DownloadCaptureAsync(id, file, Cancellation))).CountAsync($"host {address}");

    private async Task<DownloadedCapture> DownloadAsync(Func<string, Task<bool>> download)
    {
        var file = edge.Stage.Run.File($"{Guid.NewGuid():N}.pcapng");
        Assert.True(await download(file));
        return new DownloadedCapture(file);
    }

    private async Task CountedAsync(long id, int packets) =>
        Assert.True(await Tool.UntilAsync(async () => (await edge.Api.CaptureOfAsync(id, Cancellation)).Packets >= packets, s_patience, Cancellation));

    private async Task EchoAsync(IPAddress source)
    {
        var target = source.AddressFamily == AddressFamily.InterNetwork ? Server : edge.Network.Server.Addresses6[0];
        using var probe = EchoProbe.Start(Attacker.OpenUdp(source), new IPEndPoint(target, ProtectedServer.EchoPort), TimeSpan.FromMilliseconds(20));
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(probe.Answered > 1), s_patience, Cancellation));
    }

    private Socket Listen(IPAddress address, int port)
    {
        var socket = edge.Network.Edge.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(8);
        return socket;
    }
}
