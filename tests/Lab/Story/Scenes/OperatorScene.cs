using System.Globalization;
using System.Net;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>An operator bans and lifts through the API, and is kept from locking himself out.</summary>
public sealed class OperatorScene : IScene
{
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_stream = TimeSpan.FromMilliseconds(500);

    public string Title => "Operator";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        await BanAndLiftAsync(play, cancellation);
        await RefusalsAsync(play, cancellation);
    }

    private async Task BanAndLiftAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var source = stage.Network.Second.Addresses4[1];
        var echo = new IPEndPoint(stage.Network.Server.Addresses4[0], ProtectedServer.EchoPort);
        using var probe = EchoProbe.Start(stage.Network.Second.OpenUdp(source), echo, s_fast);
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.Some(Title, "answers before the ban", probe.Answered);
        play.Narrator.Say($"bans {source} while it sends");
        var asked = TimeProvider.System.GetTimestamp();
        var ban = await stage.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        await Tool.PauseAsync(s_stream, cancellation);
        var last = probe.LastAnsweredSent;
        play.Facts.Is(Title, "ban in force when the API answered", "True", ban.Enforced.ToString());
        play.Facts.Report(Title, "API call to first dropped packet", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, TimeProvider.System.GetElapsedTime(asked, last).TotalMilliseconds):0.0} ms"));
        var answered = probe.Answered;
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.None(Title, "answers during the ban", probe.Answered - answered);
        play.Narrator.Say("lifts the ban");
        await stage.Api.LiftAsync(ban.Id, cancellation);
        answered = probe.Answered;
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.Some(Title, "answers after the ban was lifted", probe.Answered - answered);
    }

    private async Task RefusalsAsync(Play play, CancellationToken cancellation)
    {
        (string What, string Scope)[] guarded =
        [
            ("the gateway", LabNetwork.Gateway4.ToString()),
            ("the IPv6 gateway", LabNetwork.Gateway6.ToString()),
            ("an own address", LabNetwork.EdgeWan4.ToString()),
            ("a prefix with the gateway in it", "100.64.0.0/10"),
            ("loopback", "127.0.0.1"),
            ("everything", "0.0.0.0/0"),
            ("everything in IPv6", "::/0"),
        ];
        foreach (var (what, scope) in guarded)
        {
            var answer = await play.Stage.Api.DecideAsync(scope, "drop", cancellation);
            var sentence = answer.Decision is null ? $"refused: {answer.Refusal}" : "blocked";
            play.Facts.Holds(Title, $"block {what} ({scope})", "refused with a reason", sentence, answer is { Decision: null, Refusal.Length: > 0 });
        }
    }
}
