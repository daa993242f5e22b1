using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Auditing;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Auditing;

/// <summary>Who changed what, or tried to.</summary>
internal sealed class AuditPage(IDesk desk) : ListPage<Client.Auditing.AuditPage, AuditEntry>(
    desk,
    cancellation => desk.Session.Client.Audit.ListAsync("limit=500", cancellation),
    new GridColumn<AuditEntry>("TIME", 9, e => new Piece(Figures.Clock(e.Time))) { SortKey = e => e.Time },
    new GridColumn<AuditEntry>("WHO", 12, e => new Piece(PlainText.Clean(e.Actor), Tone.Strong)),
    new GridColumn<AuditEntry>("FROM", 15, e => new Piece(PlainText.Clean(e.Remote is { Length: > 0 } remote ? remote : "this machine"), Tone.Dim)) { Fold = 2 },
    new GridColumn<AuditEntry>("WHAT", 14, e => new Piece(PlainText.Clean(e.Action))),
    new GridColumn<AuditEntry>("ANSWER", 6, e => new Piece(e.Status.ToString(CultureInfo.InvariantCulture), e.Status < 400 ? Tone.Good : Tone.Warning)) { Fold = 1, SortKey = e => e.Status },
    new GridColumn<AuditEntry>("SUBJECT", 0, e => new Piece(PlainText.Clean(e.Subject))) { Fold = 3 })
{
    public override string Name => "Audit";

    protected override IReadOnlyList<Act> Own => [];

    protected override string NoRows => "Nobody changed anything yet.";

    protected override IReadOnlyList<AuditEntry> RowsOf(Client.Auditing.AuditPage page) => page.Items;

    protected override string Explain(AuditEntry row) =>
        $"{Figures.Moment(row.Time)} {row.Actor}{(row.Remote is { Length: > 0 } remote ? $" at {remote}" : "")}: {row.Action} {row.Subject}, answered {row.Status}{(row.Detail is { } detail ? $": {detail}" : "")}. Entry {row.Sequence}, hash {row.Hash}, trace {row.TraceId}";

    protected override object IdOf(AuditEntry row) => row.Sequence;

    protected override void OpenRow(AuditEntry row) => Desk.ShowMessage(Explain(row), Tone.Normal);
}
