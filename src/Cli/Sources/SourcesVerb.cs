using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Sources;

namespace Blackwall.Cli.Sources;

/// <summary>"sources": the sources that detection knows, and "top": those with the most packets.</summary>
internal sealed class SourcesVerb : ApiVerb
{
    private readonly ListOptions _list;
    private readonly ListOptions _topList;

    public SourcesVerb(Shell shell)
        : base(shell, "sources", "the sources that detection knows, the last seen first", VerbGroup.Look)
    {
        _list = new ListOptions(this, [.. Filters(), Opt.Word("--sort", "ORDER", "the most first, by", "last-seen", "packets", "suspicion")]);
        _topList = new ListOptions(Below("top", "top talkers: those with the most packets first", call => ListAsync(call, $"sort=packets&{_topList!.Query(call.Line)}")), [.. Filters()]);
    }

    public override IReadOnlyList<(string Line, string What)> Examples =>
    [
        ("sources --phase suspicious --sort suspicion", "who is close to being blocked"),
        ("sources top --limit 10", "the ten with the most packets"),
    ];

    protected override Task RunAsync(ApiCall call) => ListAsync(call, _list.Query(call.Line));

    private static Option<string?>[] Filters() =>
    [
        Opt.Word("--phase", "PHASE", "of this phase", "new", "suspicious", "malicious", "blocked", "trusted"),
        Opt.Text("--within", "PREFIX", "in this prefix"),
    ];

    private static Task<SourcePage> ListAsync(ApiCall call, string query) => call.ShowAsync(call.Api.Sources.ListAsync(query.TrimEnd('&'), call.Cancellation), page =>
    {
        Table table = new("ADDRESS", "PHASE", "SUSPICION", "PROVEN", "PACKETS", "FIRST SEEN", "LAST SEEN", "VERDICT", "DECISION", "PLACE");
        foreach (SourceRow row in page.Items)
        {
            table.Add(
                row.Address,
                row.Phase,
                row.Suspicion.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture),
                row.Proven ? "yes" : "no",
                ApiCall.Number(row.Packets),
                Moment.Ago(row.FirstSeen, call.Now, "-"),
                Moment.Ago(row.LastSeen, call.Now, "-"),
                row.Verdict,
                row.DecisionId is { } id ? ApiCall.Number(id) : "-",
                Place.Brief(row.Place));
        }

        call.Page(table, page.NextCursor);
    });
}
