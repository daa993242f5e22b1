using System.Net;
using System.Net.NetworkInformation;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>A flood of one source: it is held to a limit, and not blocked, since nothing in it proves whose it is.</summary>
/// <param name="kind">What it is made of: SYN, UDP or ICMP.</param>
/// <param name="v6">Over IPv6, which hping3 does not speak: tcpreplay sends frames made for it.</param>
/// <param name="source">Which of the attacker's addresses.</param>
public sealed class FloodScene(string kind, bool v6, int source) : IScene
{
    private const int Frames = 100_000;
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public string Title => $"{kind} flood over {(v6 ? "IPv6 (tcpreplay)" : "IPv4 (hping3)")}";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var (attacker, server) = (stage.Network.Attacker, stage.Network.Server);
        var (from, target) = v6 ? (attacker.Addresses6[source], server.Addresses6[0]) : (attacker.Addresses4[source], server.Addresses4[0]);
        var command = await CommandAsync(stage, from, target, cancellation);
        play.Narrator.Say("floods the server for two seconds, as fast as the tool can");
        var before = await stage.Api.StatsAsync(cancellation);
        var filter = $"src host {from} and {(kind, v6) switch { ("SYN", _) => "tcp", ("UDP", _) => "udp", (_, true) => "icmp6", _ => "icmp" }}";
        await using var inside = await Capture.StartAsync(stage.Run, server.Network, LabHost.Interface, filter, cancellation);
        await using var outside = await Capture.StartAsync(stage.Run, stage.Network.Outside, "toedge", filter, cancellation);
        await attacker.Network.TryAsync(command, s_length, cancellation);
        DecisionView? decision = await stage.Api.WaitForDecisionAsync(from, d => d is { Origin: "local" }, s_limit, cancellation);
        var (sent, passed) = (await outside.StopAsync(), await inside.StopAsync());
        var counted = (await stage.Api.StatsAsync(cancellation)).Since(before);
        play.Facts.Holds(Title, "decision", "rate-limit", decision?.ToString() ?? "none", decision is { Blocks: false });
        play.Facts.Some(Title, "packets sent", sent.Count);
        play.Facts.Fewer(Title, "packets that reached the server", passed.Count, sent.Count);
        play.Facts.Some(Title, "packets limited", counted.Limited);
        await stage.Api.LiftAllAsync(from, cancellation);
    }

    private async Task<IReadOnlyList<string>> CommandAsync(Stage stage, IPAddress from, IPAddress target, CancellationToken cancellation)
    {
        if (!v6)
        {
            // Raw sockets do not ask the route for their address.
            IReadOnlyList<string> options = kind switch { "SYN" => ["-S", "-p", "80"], "UDP" => ["--udp", "-p", "9"], _ => ["--icmp"] };
            return ["hping3", "-q", "--flood", "-a", $"{from}", .. options, $"{target}"];
        }

        var file = stage.Run.File($"flood-{kind}.pcap");
        byte protocol = kind switch { "SYN" => 6, "UDP" => 17, _ => 58 };
        await new FloodFrames(protocol, from, target).WriteAsync(file, PhysicalAddress.Parse(LabNetwork.RouterMac), Frames, cancellation);
        return ["tcpreplay", "-q", "--topspeed", "-i", LabHost.Interface, file];
    }
}
