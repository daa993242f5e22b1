using System.Net;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// The checks of a monitor, far more often than anybody has them made. That of SSH greets back and leaves, which by its lengths alone looks
/// like a login that failed: nothing may come of it.
/// </summary>
public sealed class MonitorScene(int guest) : IScene
{
    private const int Rounds = 25;
    private const string Folder = "/usr/lib/nagios/plugins";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    public string Title => "A monitor (check_ssh, check_http, check_tcp)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        await stage.StartDatabaseAsync(cancellation);
        var monitor = await stage.Network.AddGuestAsync(guest);
        play.Narrator.Say($"checks SSH, the web server and MySQL {Rounds} times each");
        var well = 0;
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var target in new[] { server.Addresses4[0], server.Addresses6[0] })
            {
                well += await CheckAsync(target, "check_ssh") + await CheckAsync(target, "check_http", "-I") + await CheckAsync(target, "check_tcp", "-p", "3306", "-H");
            }
        }

        play.Facts.Is(Title, "checks that found all well", $"{Rounds * 6}", $"{well}");
        foreach (var address in new[] { monitor.Addresses4[0], monitor.Addresses6[0] })
        {
            play.Facts.None(Title, $"decisions about {address}", (await stage.Api.DecisionsAsync(address, cancellation)).Count);
            var told = (await stage.Api.EvidenceKindsAsync(address, cancellation)).Where(kind => kind is not "fingerprint").ToList();
            play.Facts.Is(Title, $"held against {address}", "nothing", told.Count == 0 ? "nothing" : string.Join(", ", told));
        }

        async Task<int> CheckAsync(IPAddress target, string plugin, params string[] options) =>
            (await monitor.Network.TryAsync([$"{Folder}/{plugin}", .. options, $"{target}"], s_limit, cancellation)).Succeeded ? 1 : 0;
    }
}
