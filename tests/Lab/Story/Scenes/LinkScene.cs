using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// A wall of its own on a link that is no Ethernet: honest requests over both families are answered, a prober is found by what it asks for, and a
/// banned address gets nothing.
/// </summary>
/// <param name="isPppoe">PPPoE frames on a wire; else a tun device.</param>
public sealed class LinkScene(bool isPppoe) : IScene
{
    private const int Honest = 0, Prober = 1, Banned = 2;
    private const int Bytes = 200_000;
    private const int Rounds = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);
    private static readonly string[] s_probes = ["/.env", "/.git/config", "/phpmyadmin/index.php", "/wp-login.php", "/server-status", "/cgi-bin/luci"];

    public string Title => isPppoe ? "A wall on a PPPoE link (curl)" : "A wall on a tun device (curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var role = isPppoe ? "ppp" : "tun";
        await using var link = await play.Stage.Network.AddPointToPointAsync(role, isPppoe);
        using var server = BulkServer.Start(link.Edge);
        await using var appliance = new Appliance(link.Edge, play.Stage.Run, role);
        await appliance.StartAsync(new ApplianceSettings(XdpMode: "auto", Interface: link.Guarded), cancellation);
        var client = link.Client;
        int answered = 0, failed = 0, banned = 0;
        foreach (var v6 in new[] { false, true })
        {
            var names = v6 ? client.Addresses6 : client.Addresses4;
            var url = $"http://{new IPEndPoint(v6 ? PointToPoint.Edge6 : PointToPoint.Edge4, BulkServer.Port)}";
            await appliance.Api.MustDecideAsync($"{names[Banned]}", "drop", cancellation);
            var probed = 0;
            foreach (var probe in s_probes)
            {
                // Blocked from some request on, which is then waited for in vain.
                probed += await client.FetchAsync($"{url}{probe}", names[Prober], s_silence, cancellation) == 0 ? 0 : 1;
                if (await appliance.Api.WaitForDecisionAsync(names[Prober], IsBlock, TimeSpan.Zero, cancellation) is not null)
                {
                    break;
                }
            }

            for (var i = 0; i < Rounds; i++)
            {
                var whole = await client.FetchAsync($"{url}/{Bytes}", names[Honest], s_patience, cancellation) == 200;
                (answered, failed) = whole ? (answered + 1, failed) : (answered, failed + 1);
            }

            banned += await client.FetchAsync($"{url}/1", names[Banned], s_silence, cancellation) == 0 ? 0 : 1;
            var found = await appliance.Api.WaitForDecisionAsync(names[Prober], IsBlock, s_patience, cancellation);
            play.Facts.Is(Title, $"decision about {names[Prober]}, which probes", "application", found?.EvidenceClass ?? $"none after {probed} answers");
        }

        var stats = await appliance.Api.StatsAsync(cancellation);
        play.Facts.Report(Title, "attach mode", stats.AttachMode ?? "none");
        play.Facts.Some(Title, "packets dropped there", stats.Dropped);
        play.Facts.Some(Title, "honest requests that were answered", answered);
        play.Facts.None(Title, "honest requests that were not", failed);
        play.Facts.None(Title, "requests of a banned address that were answered", banned);
        await new Unharmed(play, Title).AreAsync([client.Addresses4[Honest], client.Addresses6[Honest]], cancellation, appliance.Api);
        play.Facts.Is(Title, "exit code of its appliance", "0", $"{(await appliance.StopAsync()).ExitCode}");
    }

    private static bool IsBlock(DecisionView decision) => decision is { Blocks: true, Origin: "local" };
}
