using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Clients with the TLS of OpenSSL, GnuTLS, NSS, Go, Node and Python, each from an address of its own: the JA4 that the API shows of each address
/// is what a replay finds in a capture of the same connection, and the clients can be told apart.
/// </summary>
public sealed class TlsStackScene(int guest) : IScene
{
    private const int WholePackets = 65_535;
    private const int FewestKinds = 7;
    private const string Name = "server.example";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    // {0}: the address as it stands in a URL; {1}: as it is.
    private static readonly (string Name, IReadOnlyList<string> Command)[] s_clients =
    [
        ("curl (OpenSSL)", ["curl", "-sk", "-o", "/dev/null", "--max-time", "5", "https://{0}/"]),
        ("openssl s_client", ["sh", "-c", $"echo | timeout 5 openssl s_client -connect {{0}}:443 -servername {Name}"]),
        ("openssl s_client, TLS 1.2", ["sh", "-c", $"echo | timeout 5 openssl s_client -connect {{0}}:443 -servername {Name} -tls1_2"]),
        ("wget (GnuTLS)", ["wget", "-q", "-t", "1", "-T", "5", "--no-check-certificate", "-O", "/dev/null", "https://{0}/"]),
        ("gnutls-cli", ["sh", "-c", $"echo | timeout 5 gnutls-cli --insecure --sni-hostname={Name} -p 443 {{1}}"]),
        ("tstclnt (NSS)", ["timeout", "5", "tstclnt", "-h", "{1}", "-p", "443", "-a", Name, "-D", "-o", "-Q"]),
        ("ffuf (Go)", ["timeout", "5", "ffuf", "-s", "-u", "https://{0}/FUZZ", "-w", "{2}"]),
        ("node", ["timeout", "5", "node", "-e", $"require('tls').connect({{{{host:'{{1}}',port:443,servername:'{Name}',rejectUnauthorized:false}}}},function(){{{{this.end()}}}})"]),
        ("python3", ["timeout", "5", "python3", "-c", $"import ssl,socket;ssl._create_unverified_context().wrap_socket(socket.create_connection(('{{1}}',443)),server_hostname='{Name}').close()"]),
    ];

    public string Title => "TLS clients of several makes";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var host = await stage.Network.AddGuestAsync(guest, s_clients.Length);
        play.Narrator.Say("each connects from an address of its own, over IPv4 and over IPv6");
        await using var capture = await Capture.StartAsync(stage.Run, stage.Network.Outside, "toedge", $"({string.Join(" or ", host.Addresses4.Concat(host.Addresses6).Select(a => $"host {a}"))}) and tcp", cancellation, WholePackets);
        await Task.WhenAll(
            ConnectAsync(stage, host, host.Addresses4, stage.Network.Server.Addresses4[0], cancellation),
            ConnectAsync(stage, host, host.Addresses6, stage.Network.Server.Addresses6[0], cancellation));
        Dictionary<IPAddress, string> live = [];
        foreach (var address in host.Addresses4.Concat(host.Addresses6))
        {
            await Tool.UntilAsync(async () => (live[address] = await Ja4Async(stage, address, cancellation)).Length > 0, s_limit, cancellation);
        }

        await capture.SettleAsync(cancellation);
        await capture.StopAsync();
        var replayed = await Replayed.OfAsync(stage.Network.Client.Network, capture.File, stage.Network.Server.Addresses4, cancellation);
        for (var i = 0; i < s_clients.Length; i++)
        {
            foreach (var address in new[] { host.Addresses4[i], host.Addresses6[i] })
            {
                var told = string.Join(' ', replayed.Clients.Where(c => c.Source.Equals(address)).Select(c => c.Ja4).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
                var family = address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
                play.Facts.Holds(Title, $"JA4 of {s_clients[i].Name} over {family}, live as in the capture", told, live[address], told.Length > 0 && string.Equals(told, live[address], StringComparison.Ordinal));
            }
        }

        var kinds = live.Values.SelectMany(v => v.Split(' ')).Distinct(StringComparer.Ordinal).Count();
        play.Facts.Holds(Title, "different JA4s", $">= {FewestKinds}", $"{kinds}", kinds >= FewestKinds);
        var curl = await Tool.RunAsync(["curl", "--version"], cancellation);
        play.Facts.Report(Title, "curl speaks HTTP/3", curl.Contains("HTTP3", StringComparison.Ordinal) ? "yes" : "no: Debian's does not, so no QUIC here");
    }

    private static async Task ConnectAsync(Stage stage, LabHost host, IReadOnlyList<IPAddress> sources, IPAddress target, CancellationToken cancellation)
    {
        var words = stage.Run.File($"one-word-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(words, "index.html\n", cancellation);
        var inUrl = target.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{target}]" : $"{target}";
        for (var i = 0; i < s_clients.Length; i++)
        {
            await host.SpeakAsAsync(sources[i]);
            await host.Network.TryAsync(
                [.. s_clients[i].Command.Select(word => string.Format(CultureInfo.InvariantCulture, word, inUrl, target, words))],
                s_limit,
                cancellation);
        }
    }

    private static async Task<string> Ja4Async(Stage stage, IPAddress address, CancellationToken cancellation) =>
        string.Join(' ', (await stage.Api.FingerprintsAsync(address, cancellation)).Where(f => f.Kind is "ja4").Select(f => f.Value).Order(StringComparer.Ordinal));
}
