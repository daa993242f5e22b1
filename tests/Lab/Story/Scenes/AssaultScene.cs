using System.Globalization;
using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>An attack whose own flows carry it, each with its handshake, so it has to be blocked, and blocked for good reason.</summary>
public sealed class AssaultScene(string title, string description, Func<Stage, Task<Assault>> prepare) : IScene
{
    /// <summary>Milliseconds are usual; this is for a machine that has no time.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(2);

    public string Title => title;

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        play.Narrator.Say(description);
        var assault = await prepare(play.Stage);
        var report = await assault.RunAsync(play.Stage, IsBlock, cancellation);
        var facts = play.Facts;
        facts.Holds(
            title,
            "decision",
            "drop or redirect, by handshake or application evidence",
            report.Decision?.ToString() ?? "none",
            report.Decision is { EvidenceClass: "handshake" or "application" });
        facts.Report(title, "time from first packet to block", report.TimeToBlock);
        facts.Report(title, "packets sent, passed", string.Create(CultureInfo.InvariantCulture, $"{report.Sent.Count}, {report.Passed.Count}"));
        facts.Holds(
            title,
            "from the deciding packet to the last that came through",
            string.Create(CultureInfo.InvariantCulture, $"<= {s_late.TotalMilliseconds:0} ms"),
            string.Create(CultureInfo.InvariantCulture, $"{report.Late.TotalMilliseconds:0} ms"),
            report.Late <= s_late);
        facts.Some(title, "packets sent after the block", report.SentAfterBlock);
        facts.None(title, "packets behind the wall after the block", report.PassedAfterBlock);
        facts.Is(title, "connection from there after the block", "none", report.ConnectedAfterwards ? "opened" : "none");
        if (report.Decision is { } decision)
        {
            await CaptureAsync(play, decision, assault.Source, cancellation);
        }

        await play.Stage.Api.LiftAllAsync(assault.Source, cancellation);
    }

    private async Task CaptureAsync(Play play, DecisionView decision, IPAddress source, CancellationToken cancellation)
    {
        var file = play.Stage.Run.File($"decision-{decision.Id}.pcapng");
        var there = await play.Stage.Api.DownloadCaptureOfDecisionAsync(decision.Id, file, cancellation);
        var capture = new DownloadedCapture(file);
        var packets = there ? await capture.CountAsync() : 0;
        play.Facts.Some(title, "packets in the decision's capture, as tcpdump counts", packets);
        play.Facts.Is(title, "the same, as tshark counts", $"{packets}", $"{(there ? await capture.CountWithTsharkAsync() : 0)}");
        play.Facts.None(title, "of them packets of anybody else", there ? await capture.CountStrangersAsync(source) : 0);
    }

    private static bool IsBlock(DecisionView decision) => decision is { Blocks: true, Origin: "local" };
}
