using System.Globalization;
using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// The wall is taken down, downloads begin in both directions, and it is put up again while they run: each has to go on, at full speed.
/// </summary>
public sealed class MidStreamScene(ApplianceSettings settings, int guest) : IScene
{
    private const long Bytes = 40_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public string Title => "Downloads that run when the wall starts";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        var outside = await stage.Network.AddGuestAsync(guest);
        await stage.Network.SmallPacketsAsync(outside, guest);
        using var far = BulkServer.Start(outside.Network);
        play.Narrator.Say("SIGTERM; four downloads begin; the appliance starts again");
        await stage.Appliance.StopAsync();
        var much = string.Create(CultureInfo.InvariantCulture, $"/{ProtectedServer.LargeFileBytes}");
        List<PacedDownload> downloads =
        [
            await BeginAsync(outside, outside.Addresses4[0], new IPEndPoint(server.Addresses4[0], 80), "/large.bin"),
            await BeginAsync(outside, outside.Addresses6[0], new IPEndPoint(server.Addresses6[0], 80), "/large.bin"),
            await BeginAsync(server, server.Addresses4[0], new IPEndPoint(outside.Addresses4[0], BulkServer.Port), much),
            await BeginAsync(server, server.Addresses6[0], new IPEndPoint(outside.Addresses6[0], BulkServer.Port), much),
        ];
        try
        {
            await stage.Appliance.StartAsync(settings, cancellation);
            play.Facts.Is(Title, "downloads that had begun when the wall stood", $"{downloads.Count}", $"{downloads.Count(d => d.Read > 0)}");
            var ended = await Task.WhenAll(downloads.Select(d => d.HurryAsync(Bytes, s_patience, cancellation)));
            play.Facts.Is(Title, "downloads that got another 40 MB", $"{downloads.Count}", $"{ended.Count(whole => whole)}");
        }
        finally
        {
            downloads.ForEach(d => d.Dispose());
        }

        await new Unharmed(play, Title).AreAsync([.. outside.Addresses4, .. outside.Addresses6], cancellation);

        async Task<PacedDownload> BeginAsync(LabHost from, IPAddress source, IPEndPoint target, string path) => await PacedDownload.StartAsync(
            await from.ConnectAsync(target, source, s_patience, cancellation) ?? throw new InvalidOperationException($"{source} cannot connect to {target}."),
            path,
            cancellation);
    }
}
