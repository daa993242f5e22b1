using System.Globalization;
using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>The wall is taken down, transfers begin, and it is put up again while they run: each has to go on to its last byte.</summary>
public sealed class MidStreamScene(ApplianceSettings settings, int guest) : IScene
{
    private const long Bytes = 120_000_000;
    private const string Rate = "30M";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public string Title => "Transfers that run when the wall starts (curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        var outside = await stage.Network.AddGuestAsync(guest);
        await stage.Network.SmallPacketsAsync(outside, guest);
        using var far = BulkServer.Start(outside.Network);
        play.Narrator.Say("SIGTERM; four transfers of 120 MB begin; the appliance starts again");
        await stage.Appliance.StopAsync();
        Transfer[] transfers =
        [
            new(outside.Network, outside.Addresses4[0], new IPEndPoint(server.Addresses4[0], 80)),
            new(outside.Network, outside.Addresses6[0], new IPEndPoint(server.Addresses6[0], 80)),
            new(server.Network, server.Addresses4[0], new IPEndPoint(outside.Addresses4[0], BulkServer.Port)),
            new(server.Network, server.Addresses6[0], new IPEndPoint(outside.Addresses6[0], BulkServer.Port)),
        ];
        var running = transfers.Select(t => t.FetchAsync(Bytes, s_patience, cancellation, "--limit-rate", Rate)).ToList();
        await stage.Appliance.StartAsync(settings, cancellation);
        play.Facts.Some(Title, "transfers under way when the wall stood", running.Count(t => !t.IsCompleted));
        var ended = await Task.WhenAll(running);
        play.Facts.Is(Title, "transfers that were completed", $"{transfers.Length}", ended.Count(whole => whole).ToString(CultureInfo.InvariantCulture));
        await new Unharmed(play, Title).AreAsync([.. outside.Addresses4, .. outside.Addresses6], cancellation);
    }
}
