using System.Globalization;
using System.Net;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Every way in which an owner could lock himself out: refused with a reason, or taken back by the kernel itself.</summary>
public sealed class LockOutScene(ApplianceSettings settings) : IScene
{
    private const int TrialSeconds = 5;
    private const string Prefix = "100.64.0.0/16";
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_stream = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(TrialSeconds + 5);

    public string Title => "Lock-out attempts";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        await RefusedAsync(play, cancellation);
        await ShadowAsync(play, cancellation);
        await TakenBackAsync(play, cancellation);
        await ConfiguredAsync(play, cancellation);
    }

    private async Task RefusedAsync(Play play, CancellationToken cancellation)
    {
        ChangeDraft change = new([new RuleDraft("203.0.113.0/24", "drop"), new RuleDraft(Prefix, "drop")]);
        var refused = (await play.Stage.Api.ProposeAsync(change, cancellation)).Failure;
        var why = $"{refused?.Status}: {refused?.Sentence}";
        play.Facts.Holds(Title, $"a change that blocks the gateway's network ({Prefix})", "409 with the rule and the reason", why, refused?.Status == 409 && why.Contains($"rules[1]: {Prefix} is refused: it overlaps ", StringComparison.Ordinal));

        var typed = await play.Stage.Appliance.CtlAsync(["block", Prefix], cancellation);
        play.Facts.Holds(Title, $"ctl block {Prefix}", "exit code 1 with the reason", $"{typed.ExitCode}: {typed.Errors.Trim()}", typed.ExitCode == 1 && typed.Errors.Contains("refused", StringComparison.Ordinal));
    }

    private async Task ShadowAsync(Play play, CancellationToken cancellation)
    {
        var (stage, source) = (play.Stage, play.Stage.Network.Second.Addresses4[3]);
        using var probe = EchoProbe.Start(stage.Network.Second.OpenUdp(source), Echo(stage), s_fast);
        var proposed = (await stage.Api.ProposeAsync(new ChangeDraft([new RuleDraft(source.ToString(), "drop")]), cancellation)).Value!;
        await Tool.PauseAsync(s_stream, cancellation);
        var (sent, answered) = (probe.Sent, probe.Answered);
        await Tool.PauseAsync(s_stream, cancellation);
        var seen = await stage.Api.ChangeAsync(proposed.Id!.Value, cancellation);
        play.Facts.Some(Title, "packets that a change in shadow would have dropped", seen.WouldDrop ?? 0);
        play.Facts.Is(Title, "source that it names", source.ToString(), seen.Sources.Select(s => s.Address).FirstOrDefault() ?? "none");
        play.Facts.Holds(Title, "answers while it is shadow", "> 0", $"{probe.Answered - answered} of {probe.Sent - sent}", probe.Answered > answered);
        await stage.Appliance.CtlAsync(["revert", $"{proposed.Id}"], cancellation);
    }

    // The source stands for an operator's own workstation that nobody told the appliance about.
    private async Task TakenBackAsync(Play play, CancellationToken cancellation)
    {
        var (stage, source) = (play.Stage, play.Stage.Network.Second.Addresses4[4]);
        using var probe = EchoProbe.Start(stage.Network.Second.OpenUdp(source), Echo(stage), s_fast);
        await Tool.PauseAsync(s_stream, cancellation);
        play.Narrator.Say($"blocks its own workstation {source} on trial, {TrialSeconds} s, and kills the appliance");
        var change = await stage.Api.TryRuleAsync(source.ToString(), "drop", TrialSeconds, cancellation);
        var deadline = change.Deadline!.Value;
        await stage.Appliance.CrashAsync();
        var answered = probe.Answered;
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.None(Title, "answers while the change is on trial", probe.Answered - answered);
        await Tool.UntilAsync(() => Task.FromResult(probe.Answered > answered), s_patience, cancellation);
        var late = (TimeProvider.System.GetUtcNow() - deadline).TotalMilliseconds;
        play.Facts.Holds(
            Title,
            "the kernel took it back without the appliance",
            "within 1000 ms of the deadline",
            string.Create(CultureInfo.InvariantCulture, $"{late:0} ms after it, {probe.Answered - answered} answers"),
            probe.Answered > answered && late is > -50 and < 1000);
        await stage.Appliance.StartAsync(settings, cancellation);
        var ended = await stage.Api.ChangeAsync(change.Id!.Value, cancellation);
        play.Facts.Is(Title, "what the next process says of it", "reverted", ended.State);
        play.Facts.Some(Title, "answers after the restart", await AnsweredAsync(probe, cancellation));
    }

    private async Task ConfiguredAsync(Play play, CancellationToken cancellation)
    {
        play.Narrator.Say("hands over to a process whose file and environment block the gateway's network");
        await play.Stage.Appliance.HandOverAsync();
        await play.Stage.Appliance.StartAsync(
            settings with
            {
                Extra = $"[rules]\nblocklist = [\"{Prefix}\"]\n{settings.Extra}",
            },
            cancellation);
        await SaysAsync(play, "in the file", cancellation);
        await play.Stage.Appliance.HandOverAsync();
        await play.Stage.Appliance.StartAsync(
            settings with
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["BLACKWALL_RULES__BLOCKLIST"] = Prefix },
            },
            cancellation);
        await SaysAsync(play, "in the environment", cancellation);
        await play.Stage.Appliance.HandOverAsync();
        await play.Stage.Appliance.StartAsync(settings, cancellation);
    }

    private async Task SaysAsync(Play play, string where, CancellationToken cancellation)
    {
        var fault = (await play.Stage.Api.FaultsAsync(cancellation)).GetValueOrDefault("rules") ?? "nothing";
        play.Facts.Holds(Title, $"a block of the gateway's network {where}", "not in force, with the reason", fault, fault.Contains($"{Prefix} is refused: it overlaps ", StringComparison.Ordinal));
    }

    private static async Task<long> AnsweredAsync(EchoProbe probe, CancellationToken cancellation)
    {
        var answered = probe.Answered;
        await Tool.PauseAsync(s_stream, cancellation);
        return probe.Answered - answered;
    }

    private static IPEndPoint Echo(Stage stage) => new(stage.Network.Server.Addresses4[0], ProtectedServer.EchoPort);
}
