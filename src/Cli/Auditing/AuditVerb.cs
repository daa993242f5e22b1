using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Auditing;

namespace Blackwall.Cli.Auditing;

/// <summary>"audit": who changed what, or was refused.</summary>
internal sealed class AuditVerb : ApiVerb
{
    private readonly ListOptions _list;

    public AuditVerb(Shell shell)
        : base(shell, "audit", "who changed what, or was refused, newest first", VerbGroup.Records) => _list = new ListOptions(
            this,
            Opt.Text("--actor", "A", "by this actor"),
            Opt.Text("--action", "A", "of this action"),
            Opt.Word("--refused", "BOOL", "true: what was refused", "true", "false"),
            Opt.Text("--since", "T", "at this time (RFC 3339) or later"));

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Audit.ListAsync(_list.Query(call.Line), call.Cancellation), page =>
    {
        Table table = new("NUMBER", "TIME", "ACTOR", "FROM", "ACTION", "SUBJECT", "ANSWER", "WHY");
        foreach (AuditEntry entry in page.Items)
        {
            table.Add(
                ApiCall.Number(entry.Sequence),
                Moment.Text(entry.Time, "-"),
                entry.Actor,
                entry.Remote ?? "",
                entry.Action,
                entry.Subject,
                ApiCall.Number(entry.Status),
                entry.Detail ?? "");
        }

        call.Page(table, page.NextCursor);
    });
}
