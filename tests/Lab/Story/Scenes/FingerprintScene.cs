using System.Globalization;
using System.Net;
using Blackwall.Client.Sources;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Real clients: what the appliance takes of them live, out of the kernel's samples, has to be what a replay takes of the same packets out of
/// a capture. One of their hellos is larger than a packet.
/// </summary>
public sealed class FingerprintScene : IScene
{
    private const int WholePackets = 65_535;
    private const int Address = 19;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public string Title => "Fingerprints (curl, openssl, ssh, nmap)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (attacker, server) = (play.Stage.Network.Attacker, play.Stage.Network.Server);
        play.Narrator.Say("clients of several makes connect, one with a hello larger than a packet");
        await LookAsync(play, attacker.Addresses4[Address], server.Addresses4[0], cancellation);
        await LookAsync(play, attacker.Addresses6[Address], server.Addresses6[0], cancellation);
    }

    private async Task LookAsync(Play play, IPAddress source, IPAddress target, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var attacker = stage.Network.Attacker;
        await attacker.SpeakAsAsync(source);
        await using var capture = await Capture.StartAsync(stage.Run, stage.Network.Outside, "toedge", $"host {source} and tcp", cancellation, WholePackets);
        foreach (var command in Commands(target))
        {
            await attacker.Network.TryAsync(command, s_limit, cancellation);
        }

        IReadOnlyList<SeenFingerprint> live = [];
        await Tool.UntilAsync(async () => (live = await stage.Api.FingerprintsAsync(source, cancellation)).Count(f => f.Kind is "ja4") >= 3 && live.Any(f => f.Kind is "hassh"), s_limit, cancellation);
        await capture.SettleAsync(cancellation);
        await capture.StopAsync();
        var replayed = await Replayed.OfAsync(stage.Network.Client.Network, capture.File, [], cancellation);
        List<string> told = [.. replayed.Clients.Select(c => c.Ja4).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var family = $"of {source}";
        play.Facts.Some(Title, $"TLS clients {family} in the capture", told.Count);
        play.Facts.Is(Title, $"JA4 {family}, live as in the capture", string.Join(' ', told), string.Join(' ', live.Where(f => f.Kind is "ja4").Select(f => f.Value).Order(StringComparer.Ordinal)));

        // Its first protocol is "a-rather-long-name-00".
        play.Facts.Is(Title, $"hellos {family} larger than a packet", "1", string.Create(CultureInfo.InvariantCulture, $"{told.Count(ja4 => ja4[8..10] is "a0")}"));
        play.Facts.Report(Title, $"programs {family}", string.Join(", ", live.Select(f => f.Label ?? "").Where(label => label.Length > 0).Distinct(StringComparer.Ordinal)));
        play.Facts.Some(Title, $"SSH clients {family} known by algorithms and line", live.Count(f => f.Kind is "hassh" or "ssh-banner"));
    }

    private static IReadOnlyList<IReadOnlyList<string>> Commands(IPAddress target)
    {
        var host = target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{target}]" : target.ToString();

        // 80 protocol names of 20 characters: no segment of an Ethernet holds that hello.
        var protocols = string.Join(',', Enumerable.Range(0, 80).Select(i => string.Create(CultureInfo.InvariantCulture, $"a-rather-long-name-{i:00}")));
        return
        [
            ["curl", "-sk", "-o", "/dev/null", "--max-time", "3", $"https://{host}/"],
            ["sh", "-c", $"echo | timeout 3 openssl s_client -connect {host}:443 -servername server.example -alpn {protocols}"],
            ["sh", "-c", $"echo | timeout 3 openssl s_client -connect {host}:443 -servername server.example -tls1_2"],
            ["timeout", "3", "ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", $"nobody@{target}", "true"],
        ];
    }
}
