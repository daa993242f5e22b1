using System.Net.NetworkInformation;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>SYNs from invented addresses: nobody may be blocked for them, and users must not notice.</summary>
/// <param name="v6">Over IPv6, which hping3 does not speak: tcpreplay sends frames made for it.</param>
public sealed class SpoofedFloodScene(bool v6) : IScene
{
    private const int Frames = 100_000;

    /// <summary>hping3 floods until it is stopped; this bounds it.</summary>
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(3);

    public string Title => $"SYN flood with invented sources over {(v6 ? "IPv6 (tcpreplay)" : "IPv4 (hping3)")}";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var (attacker, server) = (stage.Network.Second, stage.Network.Server);
        var command = await CommandAsync(stage, cancellation);
        play.Narrator.Say("SYNs to the web server for three seconds, as fast as the tool can, each from another invented address");
        var known = (await stage.Api.DecisionsAsync(about: null, cancellation)).Select(d => d.Id).ToHashSet();
        var before = await stage.Api.StatsAsync(cancellation);
        var filter = v6
            ? "ip6 proto 6 and dst port 80 and ip6[53] == 2 and not src net 2001:db8::/32"
            : "tcp dst port 80 and tcp[tcpflags] == tcp-syn and not src net 192.0.2.0/24";
        await using var inside = await Capture.StartAsync(stage.Run, server.Network, LabHost.Interface, filter, cancellation);
        await using var outside = await Capture.StartAsync(stage.Run, stage.Network.Outside, "toedge", filter, cancellation);
        await attacker.Network.TryAsync(command, s_length, cancellation);
        var (sent, passed) = (await outside.StopAsync(), await inside.StopAsync());
        var counted = (await stage.Api.StatsAsync(cancellation)).Since(before);
        var blocks = (await stage.Api.DecisionsAsync(about: null, cancellation)).Where(d => d.Blocks && !known.Contains(d.Id)).ToList();
        play.Facts.Some(Title, "SYNs sent", sent.Count);
        play.Facts.Fewer(Title, "SYNs that reached the server", passed.Count, sent.Count);
        play.Facts.Some(Title, "packets limited or challenged", counted.Limited);
        play.Facts.None(Title, "invented sources blocked", blocks.Count);
    }

    private async Task<IReadOnlyList<string>> CommandAsync(Stage stage, CancellationToken cancellation)
    {
        if (!v6)
        {
            return ["hping3", "-q", "-S", "-p", "80", "--flood", "--rand-source", $"{stage.Network.Server.Addresses4[0]}"];
        }

        var file = stage.Run.File("flood-invented.pcap");
        await new FloodFrames(6, Source: null, stage.Network.Server.Addresses6[0]).WriteAsync(file, PhysicalAddress.Parse(LabNetwork.RouterMac), Frames, cancellation);
        return ["tcpreplay", "-q", "--topspeed", "-i", LabHost.Interface, file];
    }
}
