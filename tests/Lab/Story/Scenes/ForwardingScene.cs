using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Blackwall.Client;
using Blackwall.Client.Sinks;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>An attack is told to Splunk's collector, to a syslog server over TLS and to who polls over TAXII, under the same ids; the servers die and come back, and lose nothing.</summary>
/// <param name="guest">Number of the attacker's network.</param>
public sealed class ForwardingScene(int guest) : IScene
{
    private const int Blocks = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    /// <summary>A sink waits longer after each failure, a minute at most.</summary>
    private static readonly TimeSpan s_return = TimeSpan.FromSeconds(90);

    public string Title => "Told to others (Splunk's collector, syslog over TLS, TAXII)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var api = play.Stage.Api;
        if (await LicenseAsync(api, cancellation) is { } refusal)
        {
            // The licence in the repository is for a year.
            play.Facts.Report(Title, "not played, for want of a licence", refusal);
            return;
        }

        using var collector = Collector.Start(play.Stage.Network.Server);
        var server = play.Stage.Network.Server.Addresses4[0];
        Must(await api.Client.Sinks.AddAsync(new SinkDraft("splunk", "hec", $"https://{server}:{Collector.HecPort}", Token: "lab", Acknowledge: true, CaCertificate: collector.Authority), cancellation));
        Must(await api.Client.Sinks.AddAsync(new SinkDraft("syslog", "syslog", $"tls://{server}:{Collector.SyslogPort}", "cef", CaCertificate: collector.Authority), cancellation));
        await AttackAsync(play, collector, cancellation);
        await OutageAsync(play, collector, cancellation);
        foreach (var name in new[] { "splunk", "syslog" })
        {
            await api.Client.Sinks.RemoveAsync(name, cancellation);
        }
    }

    private async Task AttackAsync(Play play, Collector collector, CancellationToken cancellation)
    {
        var attacker = await play.Stage.Network.AddGuestAsync(guest);
        var source = attacker.Addresses4[0];
        play.Narrator.Say($"{source} asks the web server for files that only attackers ask for");
        var attack = Scenario.HttpProbing(attacker, source, play.Stage.Network.Server).RunAsync(play.Stage, decision => decision is { Blocks: true, Origin: "local" }, cancellation);
        var pattern = $"[ipv4-addr:value = '{source}']";
        JsonNode? hec = null, indicator = null;
        DateTimeOffset hecAt = default, syslogAt = default, taxiiAt = default;
        string? syslog = null;
        var limit = TimeProvider.System.GetUtcNow() + s_patience;
        while ((hec is null || syslog is null || indicator is null) && TimeProvider.System.GetUtcNow() < limit)
        {
            if (hec is null)
            {
                (hec, hecAt) = collector.Events.FirstOrDefault(one => IsBlock(one.Event, source));
            }

            if (syslog is null && hec is not null)
            {
                (syslog, syslogAt) = collector.Messages.FirstOrDefault(one => one.Text.Contains($"externalId={hec["id"]} ", StringComparison.Ordinal));
            }

            if (indicator is null)
            {
                var found = await Api(play).ReadAsync("../../taxii2/api/collections/intelligence/objects/?match[type]=indicator&limit=1000", cancellation);
                indicator = found["objects"]?.AsArray().FirstOrDefault(one => string.Equals((string?)one!["pattern"], pattern, StringComparison.Ordinal));
                taxiiAt = TimeProvider.System.GetUtcNow();
            }

            await Tool.PauseAsync(s_poll, cancellation);
        }

        play.Facts.Holds(Title, "decision", "drop", $"{(await attack).Decision}", (await attack).Decision is not null);
        var history = (await Api(play).ReadAsync("events/history?limit=500", cancellation))["items"]!.AsArray();
        var told = history.LastOrDefault(one => (string?)one!["kind"] is "decision" && string.Equals((string?)one["data"]?["decision"]?["scope"], $"{source}", StringComparison.Ordinal) && (string?)one["data"]?["decision"]?["verdict"] is "drop");
        play.Facts.Is(Title, "the event's id in the collector, as the appliance's log has it", $"{told?["id"]}", $"{hec?["id"]}");
        play.Facts.Holds(Title, "the same id over syslog", "yes", syslog is null ? "no" : "yes", syslog is not null);
        play.Facts.Is(Title, "the indicator's id in the collector, as TAXII has it", $"{indicator?["id"]}", $"{hec?["indicatorId"]}");
        play.Facts.Holds(Title, "the same id over syslog, as TAXII has it", "yes", syslog is not null && indicator is not null && syslog.Contains($"cs1={indicator["id"]}", StringComparison.Ordinal) ? "yes" : $"no: {syslog}",
            syslog is not null && indicator is not null && syslog.Contains($"cs1={indicator["id"]}", StringComparison.Ordinal));
        if (told is not null && DateTimeOffset.TryParse((string?)told["time"], CultureInfo.InvariantCulture, out var decided))
        {
            play.Facts.Report(Title, "from the decision to the collector, syslog, TAXII", string.Create(CultureInfo.InvariantCulture, $"{Milliseconds(hecAt)}, {Milliseconds(syslogAt)}, {Milliseconds(taxiiAt)} ms"));

            double Milliseconds(DateTimeOffset at) => Math.Round((at - decided).TotalMilliseconds);
        }

        await Api(play).LiftAllAsync(source, cancellation);
    }

    private async Task OutageAsync(Play play, Collector collector, CancellationToken cancellation)
    {
        play.Narrator.Say($"both servers die; {Blocks} addresses are blocked meanwhile");
        var answered = play.Honest.Tally.Succeeded;
        collector.Die();
        List<IPAddress> blocked = [.. Enumerable.Range(1, Blocks).Select(i => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"198.19.77.{i}")))];
        List<long> rules = [];
        foreach (var address in blocked)
        {
            rules.Add(await Api(play).AddRuleAsync(address, "drop", cancellation) ?? throw new ToolFailedException($"The rule for {address} was not made."));
        }

        var isTold = await Tool.UntilAsync(async () => (await SinksAsync(play, cancellation)).All(sink => sink.State is "retrying"), s_patience, cancellation);
        play.Facts.Is(Title, "both sinks say that they fail", "True", $"{isTold}");
        play.Facts.Holds(Title, "health names a sink that fails", "yes", (await Api(play).FaultsAsync(cancellation)).GetValueOrDefault("sinks") ?? "no", (await Api(play).FaultsAsync(cancellation)).ContainsKey("sinks"));
        collector.Return();
        bool AreThere() => blocked.TrueForAll(address => collector.Events.Any(one => IsBlock(one.Event, address)) && collector.Messages.Any(one => one.Text.Contains($" src={address} ", StringComparison.Ordinal)));
        await Tool.UntilAsync(() => Task.FromResult(AreThere()), s_return, cancellation);
        play.Facts.None(Title, "events of the outage that the collector did not get", blocked.Count(address => !collector.Events.Any(one => IsBlock(one.Event, address))));
        play.Facts.None(Title, "events of the outage that did not come over syslog", blocked.Count(address => !collector.Messages.Any(one => one.Text.Contains($" src={address} ", StringComparison.Ordinal))));
        var ids = collector.Events.Select(one => $"{one.Event["id"]}").ToList();
        play.Facts.Report(Title, "events that the collector got, and got twice", string.Create(CultureInfo.InvariantCulture, $"{ids.Count}, {ids.Count - ids.Distinct(StringComparer.Ordinal).Count()}"));
        play.Facts.Some(Title, "requests of honest users that were answered meanwhile", play.Honest.Tally.Succeeded - answered);
        foreach (var rule in rules)
        {
            await Api(play).RemoveRuleAsync(rule, cancellation);
        }
    }

    private static ApplianceApi Api(Play play) => play.Stage.Api;

    private static bool IsBlock(JsonNode happened, IPAddress source) =>
        (string?)happened["kind"] is "decision" && string.Equals((string?)happened["source"], $"{source}", StringComparison.Ordinal) && (string?)happened["action"] is "drop";

    private static async Task<IReadOnlyList<Sink>> SinksAsync(Play play, CancellationToken cancellation) => Must(await play.Stage.Api.Client.Sinks.ListAsync(cancellation)).Items;

    /// <summary>Puts the licence in. Null: it counts; else why not.</summary>
    private static async Task<string?> LicenseAsync(ApplianceApi api, CancellationToken cancellation)
    {
        await using var embedded = Assembly.GetExecutingAssembly().GetManifestResourceStream("evaluation.lic")!;
        using StreamReader reader = new(embedded);
        var answer = await api.Client.SendTextAsync(HttpMethod.Put, "license", await reader.ReadToEndAsync(cancellation), ClientJson.Default.JsonNode, cancellation);
        return answer.Failure?.Sentence;
    }

    private static T Must<T>(Answer<T> answer)
        where T : class => answer.Value ?? throw new ToolFailedException($"The API refused: {answer.Failure?.Sentence}");
}
