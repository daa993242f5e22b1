using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Honest;

namespace Blackwall.Lab.Story;

/// <summary>Plays the scenes, and after each looks whether the honest users noticed anything.</summary>
public sealed class Storyteller(Stage stage, FactBook facts, Narrator narrator)
{
    private const string Whole = "The whole run";
    private const int KeptEvents = 20_000;
    private static readonly TimeSpan s_reconnect = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<ApplianceEvent> _events = new();

    public async Task TellAsync(ApplianceSettings settings, IReadOnlyList<IScene> scenes, IReadOnlyList<bool> offload, bool whole, CancellationToken cancellation)
    {
        narrator.Chapter("The appliance starts");
        await stage.Appliance.StartAsync(settings, cancellation);
        narrator.Say("ready");
        await using var honest = stage.StartHonestWork();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listening = ListenAsync(over.Token);
        var play = new Play(stage, honest, facts, narrator, offload);
        WallStats? last = null;
        foreach (var scene in scenes)
        {
            narrator.Chapter(scene.Title);
            var before = honest.Tally;
            await scene.PlayAsync(play, cancellation);
            Honest(scene.Title, honest.Tally - before);
            var after = await ReadStatsAsync(cancellation);
            Losses(scene.Title, after is not null && last is not null ? after.Since(last) : after);
            last = after ?? last;
        }

        await over.CancelAsync();
        await listening;
        Conclude(honest.Tally, last, whole);
    }

    private void Honest(string scene, HonestTally tally)
    {
        facts.Report(scene, "honest requests that succeeded", Text(tally.Succeeded));
        facts.None(scene, "honest requests that failed", tally.Failed);
        foreach (var failure in tally.Failures)
        {
            narrator.Say($"      {failure}");
        }
    }

    // An event that got lost is a detection that may come late or never; nobody shall have to guess whether that happened.
    private void Losses(string scene, WallStats? stats)
    {
        foreach (var (kind, number) in (stats?.Losses ?? new Dictionary<string, long>(StringComparer.Ordinal)).Where(l => l.Value > 0).OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            facts.Report(scene, $"lost: {kind}", Text(number));
        }
    }

    private void Conclude(HonestTally tally, WallStats? last, bool whole)
    {
        var decided = _events.Where(e => string.Equals(e.Name, "decision", StringComparison.Ordinal)).Select(e => e.Decision).OfType<DecisionView>().ToList();
        narrator.Chapter("The end");
        facts.None(Whole, "false blocks", decided.Count(IsFalse));

        // Some scenes alone decide and redirect nothing.
        Action<string, string, long> count = whole ? facts.Some : (scene, name, number) => facts.Report(scene, name, Text(number));
        count(Whole, "decisions seen in the event stream", decided.Count);
        facts.Some(Whole, "honest requests that succeeded", tally.Succeeded);
        facts.None(Whole, "honest requests that failed", tally.Failed);
        facts.Some(Whole, "bytes of the long download", tally.DownloadedBytes);
        if (last is not null)
        {
            count(Whole, "packets seen", last.Total);
            count(Whole, "packets dropped", last.Dropped);
            count(Whole, "packets limited or challenged", last.Limited);
            count(Whole, "packets redirected", last.Redirected);
            foreach (var (reason, packets) in last.Packets.Where(p => p.Value > 0).OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                facts.Report(Whole, $"packets: {reason}", Text(packets));
            }

            Losses(Whole, last);
        }
    }

    private bool IsFalse(DecisionView decision) =>
        !string.Equals(decision.Verdict, "pass", StringComparison.Ordinal)
        && stage.Network.Client.Addresses4.Concat(stage.Network.Client.Addresses6).Any(a => Contains(decision.Scope, a));

    private static bool Contains(string scope, IPAddress address) =>
        IPNetwork.TryParse(scope, out var network) ? network.Contains(address) : IPAddress.TryParse(scope, out var single) && single.Equals(address);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null while no appliance runs.</summary>
    private async Task<WallStats?> ReadStatsAsync(CancellationToken cancellation)
    {
        try
        {
            return await stage.Api.StatsAsync(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Follows the event stream, over restarts of the appliance.</summary>
    private async Task ListenAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                try
                {
                    await foreach (var happened in stage.Api.EventsAsync(cancellation))
                    {
                        Keep(happened);
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or ObjectDisposedException
                    || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
                {
                    // It is being killed or restarted, and its client with it: that is part of the story.
                }

                await Tools.Tool.PauseAsync(s_reconnect, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the story.
        }
    }

    private void Keep(ApplianceEvent happened)
    {
        if (_events.Count < KeptEvents)
        {
            _events.Enqueue(happened);
        }

        narrator.Tell(happened);
    }
}
