using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// The protected server has caught something: it checks in with a master outside (curl, over IPv6) and scans (nmap, over both families). All
/// of that is told, and neither the server nor anybody else is blocked for it.
/// </summary>
public sealed class InsideScene(int guest) : IScene
{
    private const int CheckIns = 31;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public string Title => "An infected server (curl, nmap from inside)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var server = stage.Network.Server;
        var master = await stage.Network.AddGuestAsync(guest, addresses: 2);
        await using var ear = await DropBox.StartAsync(master, stage.Run, cancellation);
        play.Narrator.Say("the server checks in with a master and scans the outside");
        await Task.WhenAll(
            CheckInAsync(stage, master.Addresses6[0], cancellation),
            ScanAsync(server, master.Addresses4[1], cancellation),
            ScanAsync(server, master.Addresses6[1], cancellation));
        var watch = new InsideWatch(play, Title);
        await watch.ToldAsync(server.Addresses6[0], "beacon", cancellation);
        await watch.ToldAsync(server.Addresses4[0], "outbound-scan", cancellation);
        await watch.ToldAsync(server.Addresses6[0], "outbound-scan", cancellation);
        await watch.NobodyActedOnAsync([.. master.Addresses4, .. master.Addresses6, .. server.Addresses4, .. server.Addresses6], cancellation);
    }

    private static async Task ScanAsync(LabHost server, IPAddress target, CancellationToken cancellation)
    {
        List<string> command = ["nmap", "-sT", "-Pn", "-n", "-T4", "--max-retries", "0", "-p", "2000-2060", $"{target}"];
        if (target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            command.Insert(1, "-6");
        }

        await server.Network.TryAsync(command, s_limit, cancellation);
    }

    private static async Task CheckInAsync(Stage stage, IPAddress master, CancellationToken cancellation)
    {
        // By the clock, as malware with a timer does it: how long the tool takes to start on a busy machine does not add up.
        Random jitter = new(7);
        var (start, due) = (TimeProvider.System.GetTimestamp(), TimeSpan.Zero);
        for (var i = 0; i < CheckIns; i++)
        {
            await stage.Network.Server.Network.TryAsync(["curl", "-s", "-o", "/dev/null", "--max-time", "1", $"http://[{master}]/"], s_limit, cancellation);
            due += s_period * (0.8 + (0.4 * jitter.NextDouble()));
            var left = due - TimeProvider.System.GetElapsedTime(start);
            await Tool.PauseAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
        }
    }
}
