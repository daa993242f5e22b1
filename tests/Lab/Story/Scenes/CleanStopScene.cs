using System.Net;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Stopped in good order, the appliance takes the whole wall down.</summary>
public sealed class CleanStopScene : IScene
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public string Title => "Clean stop";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var source = stage.Network.Second.Addresses4[3];
        await stage.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        play.Facts.Holds(Title, "attached before the stop", "an xdp program and more", await stage.Network.AttachedAsync(), !string.Equals("nothing", await stage.Network.AttachedAsync(), StringComparison.Ordinal));
        play.Narrator.Say("SIGTERM");
        var stopped = await stage.Appliance.StopAsync();
        play.Facts.Is(Title, "exit code", "0", stopped.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        play.Facts.Is(Title, "left on the interface", "nothing", await stage.Network.AttachedAsync());
        play.Facts.Is(Title, "left in the BPF file system", "nothing", Directory.Exists(stage.Run.PinPath) ? stage.Run.PinPath : "nothing");
        using var connection = await stage.Network.Second.ConnectAsync(new IPEndPoint(stage.Network.Server.Addresses4[0], 80), source, s_limit, cancellation);
        play.Facts.Is(Title, "a source that was banned connects", "True", (connection is not null).ToString());
    }
}
