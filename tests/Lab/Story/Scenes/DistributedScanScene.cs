using System.Globalization;
using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Fourteen addresses of one network share a scan out, two ports each: none does enough to be told of alone. Together they are limited; nobody
/// is blocked for what his neighbours do, and a neighbour who takes no part goes on reading.
/// </summary>
public sealed class DistributedScanScene(int guest, bool v6) : IScene
{
    private const int Scanners = 14;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public string Title => $"A scan shared out by one {(v6 ? "IPv6 /64" : "IPv4 /24")} (nmap)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var host = await stage.Network.AddGuestAsync(guest, Scanners + 1);
        var addresses = v6 ? host.Addresses6 : host.Addresses4;
        var target = v6 ? stage.Network.Server.Addresses6[0] : stage.Network.Server.Addresses4[0];
        play.Narrator.Say("fourteen addresses try two ports each");
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(addresses.Take(Scanners).Select((address, i) => ScanAsync(host, address, target, 5000 + (2 * i), cancellation)));
        var told = 0;
        await Tool.UntilAsync(async () => (told = await ToldAsync(stage, addresses.Take(Scanners), cancellation)) > 0, s_limit, cancellation);
        play.Facts.Some(Title, "scanners told of for what they did together", told);
        play.Facts.Report(Title, "time from the first scanner's start until that was seen", string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms"));
        var decisions = await DecisionsAsync(stage, addresses, cancellation);
        play.Facts.Holds(Title, "decisions", "rate limits", string.Join(", ", decisions.Select(d => d.ToString()).Distinct(StringComparer.Ordinal)), decisions.Count > 0 && decisions.TrueForAll(d => !d.Blocks));

        var neighbour = addresses[Scanners];
        var status = await host.FetchAsync($"http://{(v6 ? $"[{target}]" : target)}/", neighbour, TimeSpan.FromSeconds(10), cancellation);
        play.Facts.Is(Title, "status of the page that a neighbour reads", "200", $"{status}");
        play.Facts.None(Title, "blocks of the neighbour", (await DecisionsAsync(stage, [neighbour], cancellation)).Count(d => d.Blocks));

        // His first packet looks like one more port that his network tries, until it is answered.
        play.Facts.Report(Title, "times he was taken for one of them", $"{await ToldAsync(stage, [neighbour], cancellation)}");
        foreach (var address in addresses)
        {
            await stage.Api.LiftAllAsync(address, cancellation);
        }
    }

    private static async Task ScanAsync(LabHost host, IPAddress source, IPAddress target, int port, CancellationToken cancellation)
    {
        List<string> command =
            ["nmap", "-sS", "-Pn", "-n", "--max-retries", "1", "-S", $"{source}", "-e", LabHost.Interface, "-p", string.Create(CultureInfo.InvariantCulture, $"{port},{port + 1}"), $"{target}"];
        if (source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            command.Insert(1, "-6");
        }

        await host.Network.TryAsync(command, s_limit, cancellation);
    }

    private static async Task<int> ToldAsync(Stage stage, IEnumerable<IPAddress> addresses, CancellationToken cancellation)
    {
        var told = 0;
        foreach (var address in addresses)
        {
            told += (await stage.Api.EvidenceKindsAsync(address, cancellation)).Contains("distributed-scan", StringComparer.Ordinal) ? 1 : 0;
        }

        return told;
    }

    private static async Task<List<Edge.DecisionView>> DecisionsAsync(Stage stage, IEnumerable<IPAddress> addresses, CancellationToken cancellation)
    {
        List<Edge.DecisionView> all = [];
        foreach (var address in addresses)
        {
            all.AddRange((await stage.Api.DecisionsAsync(address, cancellation)).Where(d => d is { Origin: "local" }));
        }

        return all;
    }
}
