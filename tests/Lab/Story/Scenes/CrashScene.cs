using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>The appliance is killed under attack: the wall has to stand, and the next process has to take it over.</summary>
public sealed class CrashScene(ApplianceSettings settings) : IScene
{
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_stream = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_headless = TimeSpan.FromSeconds(3);

    public string Title => "kill -9";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var source = stage.Network.Second.Addresses4[2];
        var echo = new IPEndPoint(stage.Network.Server.Addresses4[0], ProtectedServer.EchoPort);
        var ban = await stage.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        using var banned = EchoProbe.Start(stage.Network.Second.OpenUdp(source), echo, s_fast);
        using var other = EchoProbe.Start(stage.Network.Client.OpenUdp(stage.Network.Client.Addresses4[0]), echo, s_slow);
        await Tool.PauseAsync(s_stream, cancellation);
        play.Narrator.Say($"kills the appliance (process {stage.Appliance.ProcessId}) while {source} attacks");
        await stage.Appliance.CrashAsync();
        var (sent, answered) = (banned.Sent, other.Answered);
        await Tool.PauseAsync(s_headless, cancellation);
        play.Facts.Some(Title, "packets sent at the wall without appliance", banned.Sent - sent);
        play.Facts.Some(Title, "honest packets answered without appliance", other.Answered - answered);
        play.Narrator.Say("starts it again");
        await stage.Appliance.StartAsync(settings, cancellation);
        await Tool.PauseAsync(s_stream, cancellation);
        var stats = await stage.Api.StatsAsync(cancellation);
        play.Facts.Is(Title, "the standing wall was adopted", "True", stats.Adopted.ToString());
        play.Facts.Is(Title, "attach mode", settings.XdpMode, stats.AttachMode ?? "none");
        play.Facts.None(Title, "attack packets answered, before to after", banned.Answered);
        var restored = await stage.Api.DecisionsAsync(source, cancellation);
        play.Facts.Is(Title, "the ban is still on the board", "True", restored.Any(d => d.Id == ban.Id).ToString());
        await stage.Api.LiftAllAsync(source, cancellation);
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.Some(Title, "answers after the new process lifted the ban", banned.Answered);
    }
}
