using System.Globalization;
using Blackwall.Lab.Edge;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// A scan. Anybody can send such packets in another's name, and the ports that refuse complete no handshake: it is told of and limited, and
/// its source is never blocked, or a forged scan would be a weapon against whoever it names.
/// </summary>
public sealed class ScanScene(string title, string description, Func<Stage, Task<Assault>> prepare) : IScene
{
    private static readonly string[] s_kinds = ["port-scan", "slow-port-scan"];

    public string Title => title;

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        play.Narrator.Say(description);
        var assault = await prepare(play.Stage);
        var report = await assault.RunAsync(play.Stage, IsLocal, cancellation);
        var facts = play.Facts;
        var decisions = (await play.Stage.Api.DecisionsAsync(assault.Source, cancellation)).Where(IsLocal).ToList();
        var kinds = await play.Stage.Api.EvidenceKindsAsync(assault.Source, cancellation);
        facts.Holds(title, "told of", string.Join(" or ", s_kinds), string.Join(", ", kinds), kinds.Any(kind => s_kinds.Contains(kind, StringComparer.Ordinal)));
        facts.Holds(title, "decision", "rate-limit", report.Decision?.ToString() ?? "none", report.Decision is { Blocks: false });
        facts.None(title, "blocks of its source", decisions.Count(d => d.Blocks));
        facts.Report(title, "time from first packet to limit", report.TimeToBlock);
        facts.Report(title, "packets sent, passed", string.Create(CultureInfo.InvariantCulture, $"{report.Sent.Count}, {report.Passed.Count}"));
        facts.Report(title, "connection from there afterwards", report.ConnectedAfterwards ? "opened" : "none");
        await play.Stage.Api.LiftAllAsync(assault.Source, cancellation);
    }

    private static bool IsLocal(DecisionView decision) => decision is { Origin: "local" };
}
