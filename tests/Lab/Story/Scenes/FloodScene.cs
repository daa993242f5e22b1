using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>A flood of one source: it is held to a limit, and not blocked, since nothing in it proves whose it is.</summary>
/// <param name="title">What it is called.</param>
/// <param name="protocol">In tcpdump's language.</param>
/// <param name="source">Which of the attacker's addresses.</param>
/// <param name="options">hping3's, for the kind of flood.</param>
public sealed class FloodScene(string title, string protocol, int source, params IReadOnlyList<string> options) : IScene
{
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public string Title => title;

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var (attacker, server) = (stage.Network.Attacker, stage.Network.Server);
        IPAddress from = attacker.Addresses4[source];
        play.Narrator.Say("floods the server for two and a half seconds, as fast as the tool can");
        var before = await stage.Api.StatsAsync(cancellation);
        var filter = $"src host {from} and {protocol}";
        await using var inside = await Capture.StartAsync(stage.Run, server.Network, LabHost.Interface, filter, cancellation);
        await using var outside = await Capture.StartAsync(stage.Run, stage.Network.Outside, "toedge", filter, cancellation);
        // Raw sockets do not ask the route for their address.
        await attacker.Network.TryAsync(["hping3", "-q", "--flood", "-a", from.ToString(), .. options, server.Addresses4[0].ToString()], s_length, cancellation);
        DecisionView? decision = await stage.Api.WaitForDecisionAsync(from, d => d is { Origin: "local" }, s_limit, cancellation);
        var (sent, passed) = (await outside.StopAsync(), await inside.StopAsync());
        var counted = (await stage.Api.StatsAsync(cancellation)).Since(before);
        play.Facts.Holds(title, "decision", "rate-limit", decision?.ToString() ?? "none", decision is { Blocks: false });
        play.Facts.Some(title, "packets sent", sent.Count);
        play.Facts.Fewer(title, "packets that reached the server", passed.Count, sent.Count);
        play.Facts.Some(title, "packets limited", counted.Limited);
        await stage.Api.LiftAllAsync(from, cancellation);
    }
}
