using Blackwall.Lab.Edge;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Packets whose flags or fragments no stack makes. Anybody can send them in any name, so their source may be held back but never blocked;
/// the packets themselves must not arrive.
/// </summary>
public sealed class StealthScene(string title, string description, Func<Stage, Task<Assault>> prepare, string reason = "drop-tcp-flags") : IScene
{
    public string Title => title;

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        play.Narrator.Say(description);
        var assault = await prepare(play.Stage);
        var before = await play.Stage.Api.StatsAsync(cancellation);
        var report = await assault.RunAsync(play.Stage, IsLocal, cancellation);
        var counted = (await play.Stage.Api.StatsAsync(cancellation)).Since(before);
        play.Facts.Holds(title, "decision", "rate-limit", report.Decision?.ToString() ?? "none", report.Decision is { Blocks: false });
        play.Facts.Report(title, "time from first packet to decision", report.TimeToBlock);
        play.Facts.Some(title, "such packets sent", report.Sent.Count);
        play.Facts.None(title, "such packets behind the wall", report.Passed.Count);
        play.Facts.Some(title, $"packets counted as {reason}", counted.Count(reason));
        await play.Stage.Api.LiftAllAsync(assault.Source, cancellation);
    }

    private static bool IsLocal(DecisionView decision) => decision is { Origin: "local" };
}
