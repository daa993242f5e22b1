using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Client;
using Blackwall.Client.Feeds;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// A threat feed over its whole life: it lists a source, which the kernel then drops; it is refreshed under load; its server fails in every way there is; it lists
/// what must never be blocked; its server is dead when the appliance starts again. On a network of its own: it stops the wall, and with it ends what the
/// kernel counted for the other scenes.
/// </summary>
/// <param name="settings">What the appliance is started with.</param>
/// <param name="guest">Number of the guest that the packets come from.</param>
public sealed class FeedScene(ApplianceSettings settings, int guest) : IScene
{
    private const string Attackers = "lab-attackers";
    private const string Everything = "lab-everything";
    private const string Listed4 = "45.66.77.10";
    private const string Listed6 = "2a0e:66:77::10";
    private const string Honest = "45.66.77.11";
    private const string ListedWithEverything = "45.66.77.12";
    private const string Private = "192.168.77.10";
    private const string Gateway = "100.64.0.1";
    private const int Entries = 3000;

    /// <summary>Up to 64 changes are written to the kernel one by one, more as a new generation: both ways are played.</summary>
    private const int FewChanges = 20;
    private const int ManyChanges = 400;
    private const int Refreshes = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_stream = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(20);

    public string Title => "Threat feeds, and a feed server that fails in every way";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        await using var stage = await Stage.BuildAsync(cancellation);
        await stage.Appliance.StartAsync(settings, cancellation);
        play = play with { Stage = stage };
        var network = stage.Network;
        var host = await AddHostAsync(network);
        var configuration = await File.ReadAllTextAsync(stage.Appliance.ConfigurationFile, cancellation);
        await File.WriteAllTextAsync(stage.Appliance.ConfigurationFile, $"{configuration}\n[feeds]\ntimeout_seconds = 2\nmax_megabytes = 4\n", cancellation);
        play.Facts.Is(Title, "reload of the configuration", "taken", (await stage.Api.Client.Settings.ReloadAsync(cancellation)).Failure?.Sentence ?? "taken");
        await using var server = network.Edge.Do(() => FeedServer.Start());
        using var listed4 = Probe(Listed4);
        using var listed6 = Probe(Listed6);
        using var honest = EchoProbe.Start(host.OpenUdp(IPAddress.Parse(Honest)), Echo(v6: false), s_slow);
        await BlockAsync(play, server, listed4, listed6, honest, cancellation);
        await RefreshAsync(play, server, listed4, listed6, honest, cancellation);
        await FailAsync(play, server, listed4, listed6, cancellation);
        await GuardAsync(play, server, host, cancellation);
        await server.DisposeAsync();
        await RestartAsync(play, listed4, listed6, honest, cancellation);
        foreach (var name in new[] { Attackers, Everything })
        {
            await stage.Api.Client.Feeds.RemoveAsync(name, cancellation);
        }

        await SettleAsync(play, cancellation);
        var (answered4, answered6) = (listed4.Answered, listed6.Answered);
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.Some(Title, "answers to the listed IPv4 source after the feed was removed", listed4.Answered - answered4);
        play.Facts.Some(Title, "answers to the listed IPv6 source after the feed was removed", listed6.Answered - answered6);

        EchoProbe Probe(string source) => EchoProbe.Start(host.OpenUdp(IPAddress.Parse(source)), Echo(source.Contains(':', StringComparison.Ordinal)), s_fast);

        IPEndPoint Echo(bool v6) => new(v6 ? network.Server.Addresses6[0] : network.Server.Addresses4[0], ProtectedServer.EchoPort);
    }

    /// <summary>A guest with addresses that are neither private nor reserved: a feed may list no others.</summary>
    private async Task<LabHost> AddHostAsync(LabNetwork network)
    {
        var host = await network.AddGuestAsync(guest);
        var device = string.Create(CultureInfo.InvariantCulture, $"tog{guest}");
        await network.Outside.ConfigureAsync($"route add 45.66.77.0/24 dev {device}", $"route add 192.168.77.0/24 dev {device}", $"route add 2a0e:66:77::/64 via fe80::2 dev {device}");
        await host.Network.ConfigureAsync([.. new[] { Listed4, Honest, ListedWithEverything, Private }.Select(address => $"addr add {address}/32 dev eth0"), $"addr add {Listed6}/128 dev eth0 nodad"]);
        return host;
    }

    private async Task BlockAsync(Play play, FeedServer server, EchoProbe listed4, EchoProbe listed6, EchoProbe honest, CancellationToken cancellation)
    {
        await Tool.UntilAsync(() => Task.FromResult(listed4.Answered > 0 && listed6.Answered > 0), s_patience, cancellation);
        play.Facts.Some(Title, "answers to the IPv4 source before it is listed", listed4.Answered);
        play.Facts.Some(Title, "answers to the IPv6 source before it is listed", listed6.Answered);
        play.Narrator.Say($"a feed of {Entries} entries lists {Listed4} and {Listed6}");
        await AddAsync(play, new FeedDraft(Attackers, $"{server.Offer(Attackers, Text(0, 0))}", "plain", Action: "drop"), cancellation);
        await SettleAsync(play, cancellation);
        await BlockedAsync(play, "once they are listed", () => Tool.PauseAsync(s_stream, cancellation), listed4, listed6, honest);
    }

    private async Task RefreshAsync(Play play, FeedServer server, EchoProbe listed4, EchoProbe listed6, EchoProbe honest, CancellationToken cancellation)
    {
        play.Narrator.Say($"{Refreshes} refreshes, with {FewChanges} and with {ManyChanges} changes in turn");
        var changed = 0;
        await BlockedAsync(play, "during refreshes", async () =>
        {
            for (var version = 1; version <= Refreshes; version++)
            {
                server.Offer(Attackers, Text(version, version % 2 == 0 ? FewChanges : ManyChanges));
                var run = await RunAsync(play, Attackers, cancellation);
                changed += run is { Outcome: "updated", Added: > 0, Removed: > 0 } ? 1 : 0;
                await SettleAsync(play, cancellation);
            }
        }, listed4, listed6, honest);
        play.Facts.Is(Title, "refreshes that changed the list", $"{Refreshes}", $"{changed}");
    }

    private async Task FailAsync(Play play, FeedServer server, EchoProbe listed4, EchoProbe listed6, CancellationToken cancellation)
    {
        // A 429 is left out: the feed would not be fetched again for the time that the server asks for.
        var faults = Enum.GetValues<FeedFault>().Where(fault => fault is not (FeedFault.None or FeedFault.Packed or FeedFault.Mark or FeedFault.Windows or FeedFault.TooMany)).ToList();
        play.Narrator.Say($"the server fails in {faults.Count} ways, and shrinks its list to nearly nothing");
        var before = await play.Stage.Api.DecisionsAsync(IPAddress.Parse(Listed4), cancellation);
        var failures = await CounterAsync(play, "failures", cancellation);
        List<string> taken = [];
        var failed = 0;
        await BlockedAsync(play, "while the server fails", async () =>
        {
            foreach (var fault in faults)
            {
                server.Offer(Attackers, Text(Refreshes, FewChanges), fault);
                await JudgeAsync($"{fault}");
            }

            server.Offer(Attackers, "45.99.0.1\n");
            await JudgeAsync("Shrunk");
        }, listed4, listed6, honest: null);
        var after = await play.Stage.Api.DecisionsAsync(IPAddress.Parse(Listed4), cancellation);
        play.Facts.Is(Title, "answers of the server that changed the list", "none", taken.Count == 0 ? "none" : string.Join(", ", taken));
        play.Facts.Is(Title, "failures that were counted", $"{failed}", $"{await CounterAsync(play, "failures", cancellation) - failures}");
        play.Facts.Some(Title, "failures", failed);
        play.Facts.Is(Title, "the decision about the listed source", $"{before.SingleOrDefault()?.Id}", $"{after.SingleOrDefault()?.Id}");

        // The control: the same feed takes a good list again.
        server.Offer(Attackers, Text(Refreshes + 1, FewChanges));
        play.Facts.Is(Title, "a good list after all that", "updated", (await RunAsync(play, Attackers, cancellation)).Outcome);

        async Task JudgeAsync(string name)
        {
            var run = await RunAsync(play, Attackers, cancellation);
            failed += run.Outcome is "failed" ? 1 : 0;
            if (run.Outcome is not ("failed" or "held"))
            {
                taken.Add($"{name} ({run.Outcome})");
            }
        }
    }

    private async Task GuardAsync(Play play, FeedServer server, LabHost host, CancellationToken cancellation)
    {
        play.Narrator.Say("a feed lists everything, the gateway, the edge's own addresses and private networks");
        string[] own = [Gateway, $"{LabNetwork.EdgeWan4}", "10.20.0.1", $"{LabNetwork.EdgeWan6}"];
        var text = string.Join('\n', ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "192.168.0.0/16", "100.64.0.0/24", .. own, ListedWithEverything, ""]);

        // The operator named the ranges of its own networks, so that the guard set alone stands before them.
        await AddAsync(play, new FeedDraft(Everything, $"{server.Offer(Everything, text)}", "plain", Action: "drop", Reserved: ["100.64.0.0/10", "10.0.0.0/8"]), cancellation);
        await SettleAsync(play, cancellation);
        var feed = Must(await play.Stage.Api.Client.Feeds.ReadAsync(Everything, cancellation));
        play.Facts.Is(Title, "of that feed in force", "1 entry", string.Create(CultureInfo.InvariantCulture, $"{feed.Claims} entry"));
        List<string> blocked = [];
        foreach (var address in own)
        {
            if ((await play.Stage.Api.DecisionsAsync(IPAddress.Parse(address), cancellation)).Any(decision => decision.Blocks))
            {
                blocked.Add(address);
            }
        }

        play.Facts.Is(Title, "own addresses and gateway with a block", "none", blocked.Count == 0 ? "none" : string.Join(", ", blocked));
        var echo = new IPEndPoint(play.Stage.Network.Server.Addresses4[0], ProtectedServer.EchoPort);
        using var intern = EchoProbe.Start(host.OpenUdp(IPAddress.Parse(Private)), echo, s_slow);
        using var control = EchoProbe.Start(host.OpenUdp(IPAddress.Parse(ListedWithEverything)), echo, s_slow);
        var ping = await play.Stage.Network.Outside.TryAsync(["ping", "-c", "3", "-i", "0.2", "-W", "2", "-I", Gateway, $"{LabNetwork.EdgeWan4}"], s_patience, cancellation: cancellation);
        await Tool.UntilAsync(() => Task.FromResult(intern.Answered > 0), s_patience, cancellation);
        await Tool.PauseAsync(s_stream, cancellation);
        play.Facts.Some(Title, $"answers to {Private}, which the feed lists", intern.Answered);
        play.Facts.Is(Title, "the gateway reaches the edge", "0", ping.ExitCode.ToString(CultureInfo.InvariantCulture));
        play.Facts.Some(Title, "packets of the one source that this feed may block", control.Sent);
        play.Facts.None(Title, "answers to it", control.Answered);
    }

    private async Task RestartAsync(Play play, EchoProbe listed4, EchoProbe listed6, EchoProbe honest, CancellationToken cancellation)
    {
        play.Narrator.Say("the feed server is dead; the appliance is killed and started again");
        await BlockedAsync(play, "with a dead server, over a kill -9 and a start", async () =>
        {
            play.Facts.Is(Title, "refresh with a dead server", "failed", (await RunAsync(play, Attackers, cancellation)).Outcome);
            await play.Stage.Appliance.CrashAsync();
            await play.Stage.Appliance.StartAsync(settings, cancellation);
            await Tool.PauseAsync(s_stream, cancellation);
        }, listed4, listed6, honest);
        var feed = Must(await play.Stage.Api.Client.Feeds.ReadAsync(Attackers, cancellation));
        play.Facts.Holds(Title, "claims of the last good copy", $"> {Entries}", $"{feed.Claims}", feed.Claims > Entries);

        // A clean stop takes the wall down: what holds after it comes from the disk.
        play.Narrator.Say("the appliance is stopped and started again, and the feed server is still dead");
        await play.Stage.Appliance.StopAsync();
        var answered = listed4.Answered;
        await Tool.UntilAsync(() => Task.FromResult(listed4.Answered > answered), s_patience, cancellation);
        play.Facts.Some(Title, "answers to the listed source while no wall stands", listed4.Answered - answered);
        await play.Stage.Appliance.StartAsync(settings, cancellation);
        await SettleAsync(play, cancellation);
        await BlockedAsync(play, "after a clean start with a dead server", () => Tool.PauseAsync(s_stream, cancellation), listed4, listed6, honest);
    }

    /// <summary>Both listed sources get no answer while something happens, and an honest one from the same network gets its answers.</summary>
    private async Task BlockedAsync(Play play, string when, Func<Task> happens, EchoProbe listed4, EchoProbe listed6, EchoProbe? honest)
    {
        var (sent4, answered4, sent6, answered6, flowed) = (listed4.Sent, listed4.Answered, listed6.Sent, listed6.Answered, honest?.Answered);
        await happens();
        play.Facts.Some(Title, $"packets of the listed sources {when}", Math.Min(listed4.Sent - sent4, listed6.Sent - sent6));
        play.Facts.None(Title, $"of them answered, IPv4, {when}", listed4.Answered - answered4);
        play.Facts.None(Title, $"of them answered, IPv6, {when}", listed6.Answered - answered6);
        if (honest is not null)
        {
            play.Facts.Some(Title, $"answers to an honest source of the same network {when}", honest.Answered - flowed!.Value);
        }
    }

    /// <summary>Another part of the list in each version: <paramref name="changes"/> entries come and as many go; both listed sources stay.</summary>
    private static string Text(int version, int changes)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# version {version}\n{Listed4} # lab\n{Listed6} # lab\n");
        for (var i = 0; i < Entries; i++)
        {
            var shown = i < changes ? i + (Entries * (version + 1)) : i;
            text.Append(CultureInfo.InvariantCulture, $"45.{80 + (shown >> 16)}.{(shown >> 8) & 255}.{shown & 255}\n");
        }

        return $"{text}";
    }

    private static async Task AddAsync(Play play, FeedDraft draft, CancellationToken cancellation)
    {
        Must(await play.Stage.Api.Client.Feeds.AddAsync(draft, cancellation));
        if (!await Tool.UntilAsync(async () => Must(await play.Stage.Api.Client.Feeds.ReadAsync(draft.Name!, cancellation)).LastRun is not null, s_patience, cancellation))
        {
            throw new ToolFailedException($"The feed {draft.Name} is not fetched.");
        }
    }

    private static async Task<FeedRun> RunAsync(Play play, string name, CancellationToken cancellation) => Must(await play.Stage.Api.Client.Feeds.RefreshAsync(name, "", cancellation));

    private static async Task<long> CounterAsync(Play play, string name, CancellationToken cancellation) =>
        (long)(await play.Stage.Api.ReadAsync("stats", cancellation))["parts"]!["feeds"]![name]!;

    /// <summary>Waits until the kernel has what the board has, and the packets on their way have arrived.</summary>
    private static async Task SettleAsync(Play play, CancellationToken cancellation)
    {
        var version = (await play.Stage.Api.StatsAsync(cancellation)).BoardVersion;
        await Tool.UntilAsync(async () => (await play.Stage.Api.StatsAsync(cancellation)).EnforcedVersion >= version, s_patience, cancellation);
        await Tool.PauseAsync(s_settle, cancellation);
    }

    private static T Must<T>(Answer<T> answer)
        where T : class => answer.Value ?? throw new ToolFailedException($"The API refused: {answer.Failure?.Sentence}");
}
