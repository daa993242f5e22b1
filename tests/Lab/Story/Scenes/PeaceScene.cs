using Blackwall.Lab.Edge;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Nothing but honest work: the wall stands as configured, and lets it through.</summary>
public sealed class PeaceScene(ApplianceSettings settings) : IScene
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);

    public string Title => "Peace";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        play.Narrator.Say("users fetch pages (HTTP, HTTPS, IPv4, IPv6), log in by ssh, ping, and download");
        var stats = await play.Stage.Api.StatsAsync(cancellation);
        play.Facts.Is(Title, "mode", settings.Mode, stats.Mode);
        play.Facts.Is(Title, "attach mode", settings.XdpMode, stats.AttachMode ?? "none");
        await Tool.PauseAsync(s_quiet, cancellation);
        var later = await play.Stage.Api.StatsAsync(cancellation);
        play.Facts.Some(Title, "packets seen by the wall", later.Total - stats.Total);
        play.Facts.None(Title, "packets dropped", later.Dropped - stats.Dropped);
    }
}
