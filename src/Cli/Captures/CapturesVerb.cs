using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Captures;

namespace Blackwall.Cli.Captures;

/// <summary>"captures": captured packets.</summary>
internal sealed class CapturesVerb : ApiVerb
{
    private readonly ListOptions _list;

    public CapturesVerb(Shell shell)
        : base(shell, "captures", "captured packets, newest first", VerbGroup.Records) =>
        _list = new ListOptions(this, Opt.Text("--address", "A", "of this address or prefix"), Opt.Text("--decision", "ID", "around this decision"));

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Captures.ListAsync(_list.Query(call.Line), call.Cancellation), page =>
    {
        Table table = new("ID", "ADDRESS", "CAUSE", "DECISIONS", "STARTED", "ENDED", "PACKETS", "BYTES", "OUTCOME");
        foreach (Capture capture in page.Items)
        {
            table.Add(
                ApiCall.Number(capture.Id),
                capture.Address,
                capture.Cause,
                string.Join(' ', capture.Decisions.Select(id => ApiCall.Number(id))),
                Moment.Text(capture.Started, "-"),
                Moment.Text(capture.Ended, "runs"),
                ApiCall.Number(capture.Packets),
                ApiCall.Number(capture.Bytes),
                capture.Outcome ?? "");
        }

        call.Page(table, page.NextCursor);
    });
}
