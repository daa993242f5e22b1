using System.Globalization;
using System.Net;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// What takes hours: real tools do it at the server past the wall, in seconds; the capture of that is drawn out in time, and replayed through the
/// kernel programs and the detection.
/// </summary>
/// <param name="title">Heading.</param>
/// <param name="description">In real time, after it is drawn out.</param>
/// <param name="number">Of the host that rehearses.</param>
/// <param name="v6">Over IPv6.</param>
/// <param name="slow">How the capture is drawn out.</param>
/// <param name="kind">What has to be told.</param>
/// <param name="verdict">What has to be decided; "": nothing may be.</param>
public sealed class SlowScene(string title, string description, int number, bool v6, SlowMotion slow, string kind, string verdict) : IScene
{
    private const int WholePackets = 65_535;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public string Title => title;

    /// <summary>What the stranger runs, or nothing; his address and the server's are given.</summary>
    public Func<Stage, IPAddress, IPAddress, Task<IReadOnlyList<string>>>? FromOutside { get; init; }

    /// <summary>What the server does with the stranger, whose address is given too. It is then the server that is told of.</summary>
    public Func<Stage, LabHost, IPAddress, CancellationToken, Task>? FromInside { get; init; }

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var rehearsal = await stage.Network.AddRehearsalAsync(number);
        var stranger = rehearsal.Host;
        var (outside, inside) = v6 ? (stranger.Addresses6[0], stage.Network.Server.Addresses6[0]) : (stranger.Addresses4[0], stage.Network.Server.Addresses4[0]);

        if (FromInside is not null)
        {
            inside = v6 ? rehearsal.Near6 : rehearsal.Near4;
        }

        play.Narrator.Say(description);
        await using var capture = await Capture.StartAsync(stage.Run, stage.Network.Server.Network, rehearsal.ServerInterface, $"host {outside}", cancellation, WholePackets);
        if (FromOutside is not null)
        {
            await stranger.Network.TryAsync(await FromOutside(stage, outside, inside), s_limit, cancellation);
        }
        else if (FromInside is not null)
        {
            await FromInside(stage, stranger, outside, cancellation);
        }

        await capture.SettleAsync(cancellation);
        var packets = await capture.StopAsync();
        var drawn = stage.Run.File($"slow-{number}.pcap");
        var length = await slow.WriteAsync(capture.File, drawn, cancellation);
        var replayed = await Replayed.OfAsync(stage.Network.Client.Network, drawn, [inside], cancellation);
        var about = FromInside is null ? outside : inside;
        var told = replayed.Evidence.Where(e => e.Source.Equals(about) && string.Equals(e.Kind, kind, StringComparison.Ordinal)).ToList();
        play.Facts.Holds(Title, "packets, and the hours they take", "some", string.Create(CultureInfo.InvariantCulture, $"{packets.Count}, {length.TotalHours:0.0}"), packets.Count > 0 && length > TimeSpan.FromMinutes(30));
        play.Facts.Is(Title, $"told of {about}", kind, told.Count > 0 ? kind : "nothing of the kind");
        var decisions = replayed.Decisions.Where(d => string.Equals(d.Scope, $"{outside}", StringComparison.Ordinal)).ToList();
        play.Facts.Is(Title, "strictest decision about the stranger", verdict, decisions.Select(d => d.Verdict).OrderBy(v => v is "drop" ? 0 : 1).FirstOrDefault() ?? "");
        var first = PcapFile.Read(drawn).Select(r => r.Time).FirstOrDefault();
        play.Facts.Report(Title, "time from first packet until it was told", told.Count == 0 ? "never" : string.Create(CultureInfo.InvariantCulture, $"{(told[0].Seen - first).TotalMinutes:0} min: {told[0].Detail} [{told[0].Class}]"));
        var blocked = decisions.Find(d => d.Verdict is "drop");
        play.Facts.Report(Title, "until it was blocked", blocked == default ? "not blocked" : string.Create(CultureInfo.InvariantCulture, $"{(blocked.Time - first).TotalMinutes:0} min"));
    }
}
