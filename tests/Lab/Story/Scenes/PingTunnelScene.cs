using System.Net;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>A file is sent away through pings (ptunnel-ng, over IPv4), and pings are answered with more than they asked (ping, over IPv6).</summary>
public sealed class PingTunnelScene(int guest) : IScene
{
    private const int TunnelPort = 8022;
    private const int SentBytes = 300_000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    // ptunnel-ng carries about 75 kB/s, and what is sent before its far end listens hangs.
    private static readonly TimeSpan s_sendLimit = TimeSpan.FromSeconds(40);

    public string Title => "A tunnel through pings beside ordinary pings (ptunnel-ng, ping)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        var outside = await stage.Network.AddGuestAsync(guest, addresses: 2);
        var watch = new InsideWatch(play, Title);
        play.Narrator.Say("the server sends a file away through pings, and pings ordinarily too");
        await OrdinaryAsync(play, server.Addresses4[1], outside.Addresses4[1], cancellation);
        await OrdinaryAsync(play, server.Addresses6[1], outside.Addresses6[1], cancellation);
        await SendAsync(play, outside, cancellation);
        await watch.ToldAsync(server.Addresses4[0], "icmp-tunnel", cancellation);
        using (WordyEcho.Start(outside))
        {
            await stage.Network.Server.Network.TryAsync(["ping", "-q", "-c", "80", "-i", "0.02", "-s", "400", $"{outside.Addresses6[0]}"], s_limit, cancellation);
        }

        await watch.ToldAsync(server.Addresses6[0], "icmp-tunnel", cancellation);
        await watch.NotToldAsync(server.Addresses4[1], "icmp-tunnel", cancellation);
        await watch.NotToldAsync(server.Addresses6[1], "icmp-tunnel", cancellation);
        await watch.NobodyActedOnAsync([.. outside.Addresses4, .. outside.Addresses6, .. server.Addresses4, .. server.Addresses6], cancellation);
    }

    private async Task OrdinaryAsync(Play play, IPAddress from, IPAddress to, CancellationToken cancellation)
    {
        var pings = await play.Stage.Network.Server.Network.TryAsync(["ping", "-q", "-I", $"{from}", "-c", "80", "-i", "0.02", "-s", "1000", $"{to}"], s_limit, cancellation);
        play.Facts.Holds(Title, $"ordinary pings of {from}", "answered", pings.Output.Split('\n').FirstOrDefault(line => line.Contains("received", StringComparison.Ordinal)) ?? "none", pings.Succeeded);
    }

    private async Task SendAsync(Play play, Network.LabHost outside, CancellationToken cancellation)
    {
        var server = play.Stage.Network.Server;
        await using var box = await DropBox.StartAsync(outside, play.Stage.Run, cancellation);

        // The far end answers itself; so must not its host's stack.
        outside.Network.Set("ipv4/icmp_echo_ignore_all", 1);
        await using var far = outside.Network.Start(["ptunnel-ng", "-r127.0.0.1", "-R80"]);
        await using var near = server.Network.Start(["ptunnel-ng", "-p", $"{outside.Addresses4[0]}", "-l", $"{TunnelPort}", "-r127.0.0.1", "-R80"]);
        var file = play.Stage.Run.File("through-pings");
        await File.WriteAllBytesAsync(file, new byte[SentBytes], cancellation);
        ToolResult? sent = null;

        await Tool.UntilAsync(
            async () => (sent = await server.Network.TryAsync(
                ["curl", "-s", "-f", "-o", "/dev/null", "-w", "%{size_upload}", "--max-time", "15", "-H", "Expect:", "-T", file, $"http://127.0.0.1:{TunnelPort}/box"], s_limit, cancellation)).Succeeded,
            s_sendLimit,
            cancellation);
        play.Facts.Is(Title, "bytes sent away through pings", $"{SentBytes}", sent is { Succeeded: true } ? sent.Output.Trim() : "0");
    }
}
