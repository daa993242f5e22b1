using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Mesh;

namespace Blackwall.Cli.Mesh;

/// <summary>"mesh": this sensor among others; "peers", "reports", "indicators", "show", "refute", "ban" and "unban".</summary>
internal sealed class MeshVerb : ApiVerb
{
    private readonly Argument<string> _value = Arg.Text("VALUE", "an address, prefix, domain, URL, JA4, HASSH or SHA-256");
    private readonly Argument<string> _peer = Arg.Text("PEER", "id of a peer: 12D3KooW...");
    private readonly Option<int?> _limit = Opt.Number("--limit", "N", "at most so many (100)");

    public MeshVerb(Shell shell)
        : base(shell, "mesh", "this sensor among others: who hears it, what they report, and what they are worth", VerbGroup.Machine)
    {
        Below("peers", "everybody who reported something or is connected, the best reputation first", PeersAsync);
        Below("reports", "what this sensor says to others, and how many peers were given it", ReportsAsync).Options.Add(_limit);
        Below("indicators", "what sensors speak of, what is acted on first", IndicatorsAsync).Options.Add(_limit);
        Below("show", "one indicator with its votes, and why it is treated so", ShowAsync).Arguments.Add(_value);
        Below("refute", "say to all that it is no attacker: it is left alone here for 7 days, and who reported it loses reputation", RefuteAsync).Arguments.Add(_value);
        Below("ban", "hear a peer no longer; its votes count no more", BanAsync).Arguments.Add(_peer);
        Below("unban", "hear a peer again", UnbanAsync).Arguments.Add(_peer);
    }

    public override IReadOnlyList<(string Line, string What)> Examples => [("mesh show 1.2.3.4", "who reported it, with which weight"), ("mesh refute 1.2.3.4", "it is no attacker")];

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Mesh.ReadAsync(call.Cancellation), mesh =>
    {
        Table table = new("", "");
        table.Add("mode", mesh.Running ? mesh.Mode : $"{mesh.Mode}, does not run");
        table.Add("mesh", mesh.Name);
        table.Add("peer id", mesh.PeerId ?? "-");
        table.Add("addresses", mesh.Addresses.Count == 0 ? "-" : string.Join(' ', mesh.Addresses));
        table.Add("connected", ApiCall.Number(mesh.Connected));
        table.Add("peers that hear this sensor", ApiCall.Number(mesh.Listeners));
        table.Add("waiting", ApiCall.Number(mesh.Waiting));
        table.Add("work of this identity", mesh.Proven ? "done" : "not yet");
        table.Add("fault", mesh.Fault ?? "none");
        call.Print(table);
        Table counters = new("MESSAGES", "");
        foreach ((string name, long count) in mesh.Counters.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            counters.Add(name, ApiCall.Number(count));
        }

        call.Section("Counters", counters);
    });

    private static Task PeersAsync(ApiCall call) => call.ShowAsync(call.Api.Mesh.PeersAsync(call.Cancellation), list =>
    {
        Table table = new("PEER", "ADDRESS", "STATE", "REPUTATION", "CONFIRMED", "REFUTED", "FIRST SEEN", "LAST SEEN");
        foreach (MeshPeer peer in list.Items)
        {
            string state = string.Join(
                ' ',
                new[] { peer.Connected ? "connected" : "", peer.Member ? "member" : "", peer.Veteran ? "veteran" : "", peer.Banned ? "banned" : "", peer.Offence is null ? "" : $"silenced:{peer.Offence}" }.Where(word => word.Length > 0));
            table.Add(
                peer.Id, peer.Address ?? "-", state.Length == 0 ? "-" : state, peer.Reputation.ToString("0.###", CultureInfo.InvariantCulture), ApiCall.Number(peer.Confirmed), ApiCall.Number(peer.Refuted),
                Moment.Ago(peer.FirstSeen, call.Now, "-"), Moment.Ago(peer.LastSeen, call.Now, "-"));
        }

        call.Page(table, nextCursor: null);
    });

    private Task ReportsAsync(ApiCall call) => call.ShowAsync(call.Api.Mesh.ReportsAsync(LimitOf(call), call.Cancellation), list =>
    {
        Table table = new("VALUE", "KIND", "SAYS", "EVIDENCE", "REASON", "TOLD", "EXPIRES", "STATE", "GIVEN TO", "REFUTED BY");
        foreach (MeshReport report in list.Items)
        {
            table.Add(
                report.Value, report.Kind, report.Says, report.Evidence, report.Reason, Moment.Ago(report.Told, call.Now, "-"), Moment.Until(report.Expires, call.Now), report.Published ? "published" : "waits", ApiCall.Number(report.Peers), report.RefutedBy is { } member ? $"{member} (a member)" : "-");
        }

        call.Page(table, nextCursor: null);
    });

    private Task IndicatorsAsync(ApiCall call) => call.ShowAsync(
        call.Api.Mesh.IndicatorsAsync(LimitOf(call), call.Cancellation),
        list =>
        {
            Table table = new("VALUE", "KIND", "ACTION", "UNTIL", "WEIGHT", "AGAINST", "VOTES", "REASON");
            foreach (MeshIndicator indicator in list.Items)
            {
                table.Add(indicator.Value, indicator.Kind, indicator.Action, indicator.Until is null ? "-" : Moment.Until(indicator.Until, call.Now), Weight(indicator.Weight), Weight(indicator.Against), ApiCall.Number(indicator.Votes.Count), indicator.Reason);
            }

            call.Page(table, nextCursor: null);
        });

    private Task ShowAsync(ApiCall call) => call.ShowAsync(call.Api.Mesh.IndicatorAsync(KindOf(ValueOf(call)), ValueOf(call), call.Cancellation), indicator =>
    {
        Table table = new("", "");
        table.Add("value", indicator.Value);
        table.Add("action", $"{indicator.Action}, because of: {indicator.Reason}");
        table.Add("until", indicator.Until is null ? "-" : Moment.Until(indicator.Until, call.Now));
        table.Add("weight", $"{Weight(indicator.Weight)} of {ApiCall.Number(indicator.Networks)} networks, {ApiCall.Number(indicator.Veterans)} veterans, {ApiCall.Number(indicator.Members)} members");
        table.Add("against", Weight(indicator.Against));
        table.Add("seen here", indicator.SeenHere is null ? "never" : $"{Moment.Ago(indicator.SeenHere, call.Now, "never")}; what this appliance does by its own detection is told by 'why'");
        table.Add("told by this sensor", indicator.Told is null ? "no" : $"{indicator.Says}, {Moment.Ago(indicator.Told, call.Now, "-")}");
        call.Print(table);
        Table votes = new("REPORTER", "SAYS", "EVIDENCE", "REASON", "SEEN", "WEIGHT", "COUNTED");
        foreach (MeshVote vote in indicator.Votes)
        {
            votes.Add(vote.Reporter, vote.Against ? "harmless" : "attacks", vote.Evidence, vote.Reason, Moment.Ago(vote.Seen, call.Now, "-"), Weight(vote.Weight), Weight(vote.Counted));
        }

        call.Section("Votes", votes);
    });

    private async Task RefuteAsync(ApiCall call)
    {
        await call.Api.Mesh.RefuteAsync(KindOf(ValueOf(call)), ValueOf(call), call.Cancellation).Must();
        Tell(call, $"Refuted {ValueOf(call)}: it is left alone here for 7 days, and all are told.");
    }

    private async Task BanAsync(ApiCall call)
    {
        await call.Api.Mesh.BanAsync(call.Line.GetRequiredValue(_peer), call.Cancellation).Must();
        Tell(call, $"Banned {call.Line.GetRequiredValue(_peer)}.");
    }

    private async Task UnbanAsync(ApiCall call)
    {
        await call.Api.Mesh.UnbanAsync(call.Line.GetRequiredValue(_peer), call.Cancellation).Must();
        Tell(call, $"{call.Line.GetRequiredValue(_peer)} is heard again.");
    }

    private static void Tell(ApiCall call, string sentence)
    {
        if (!call.Json)
        {
            call.Say(sentence);
        }
    }

    private string LimitOf(ApiCall call) => call.Line.GetValue(_limit) is { } limit ? string.Create(CultureInfo.InvariantCulture, $"limit={limit}") : "";

    private string ValueOf(ApiCall call) => call.Line.GetRequiredValue(_value);

    private static string Weight(double weight) => weight.ToString("0.##", CultureInfo.InvariantCulture);

    // What a value is, by its form.
    private static string KindOf(string value)
    {
        if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '/' or '_' or '-' or '?' or '=' or '&' or '%' or '~' or '+' or '#' or '@' or ','))
        {
            throw new CliException(CliExit.BadUsage, $"'{value}' is no address, prefix, domain, URL, JA4, HASSH or SHA-256.");
        }

        bool isHex = value.All(char.IsAsciiHexDigit);
        return value switch
        {
            _ when value.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || value.StartsWith("https://", StringComparison.OrdinalIgnoreCase) => "url",
            { Length: 64 } when isHex => "sha256",
            { Length: 32 } when isHex => "hassh",
            { Length: 36 } when value[10] == '_' && value[23] == '_' => "ja4",
            _ when value.Contains('/', StringComparison.Ordinal) => value.Contains(':', StringComparison.Ordinal) ? "prefix6" : "prefix4",
            _ when value.Contains(':', StringComparison.Ordinal) => "ipv6",
            _ when value.All(c => char.IsAsciiDigit(c) || c == '.') => "ipv4",
            _ => "domain",
        };
    }
}
