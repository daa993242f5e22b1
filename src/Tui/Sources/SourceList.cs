using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Sources;
using Blackwall.Tui.Decisions;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Sources;

/// <summary>The sources that detection knows: who was seen last, who sends most, who is most suspicious.</summary>
internal sealed class SourceList : ListPage<SourcePage, SourceRow>
{
    private readonly SourceQuery _query;
    private readonly Action<string> _open;

    public SourceList(IDesk desk, Action<string> open)
        : this(desk, new SourceQuery(), open)
    {
    }

    private SourceList(IDesk desk, SourceQuery query, Action<string> open)
        : base(
            desk,
            cancellation => desk.Session.Client.Sources.ListAsync(query.Text, cancellation),
            new GridColumn<SourceRow>("ADDRESS", 15, s => new Piece(PlainText.Clean(s.Address), Tone.Strong)),
            new GridColumn<SourceRow>("PHASE", 10, s => new Piece(s.Phase, ToneOf(s.Phase))),
            new GridColumn<SourceRow>("SUSPICION", 9, s => new Piece(s.Suspicion.ToString("0.00", CultureInfo.InvariantCulture))) { Fold = 1, SortKey = s => s.Suspicion },
            new GridColumn<SourceRow>("PACKETS", 9, s => new Piece(Figures.Number(s.Packets))) { SortKey = s => s.Packets },
            new GridColumn<SourceRow>("LAST SEEN", 9, s => new Piece(Figures.Clock(s.LastSeen))) { Fold = 2, SortKey = s => s.LastSeen },
            new GridColumn<SourceRow>("FIRST SEEN", 10, s => new Piece(Figures.Clock(s.FirstSeen), Tone.Dim)) { Fold = 4, SortKey = s => s.FirstSeen },
            new GridColumn<SourceRow>("VERDICT", 0, s => new Piece(s.Verdict, Words.ToneOf(s.Verdict))) { Fold = 3 },
            new GridColumn<SourceRow>("PLACE", 12, s => new Piece(PlainText.Clean(Place.Brief(s.Place)), Tone.Dim)) { Fold = 5 }) => (_query, _open) = (query, open);

    public override string Name => "Sources";

    protected override IReadOnlyList<Act> Own =>
    [
        new Act(Terminal.Gui.Input.Key.Enter, "Enter", "Look", "Shows what is known of the source.", () => Chosen(OpenRow)),
        new Act('t', _query.NextSort, "Sorts by last seen, packets (top talkers) or suspicion, over all sources.", () => Ask(_query.SortNext)),
        new Act('p', "Phase", "Shows the sources of the next phase only.", () => Ask(_query.PhaseNext)),
    ];

    protected override string NoRows => "Detection knows no source yet.";

    protected override IReadOnlyList<Piece> AboutMore => [new Piece($" by {_query.Sort}{(_query.Phase.Length > 0 ? $", {_query.Phase} only" : "")}", Tone.Dim)];

    protected override IReadOnlyList<SourceRow> RowsOf(SourcePage page) => page.Items;

    protected override string Explain(SourceRow row) =>
        $"{row.Address} is {row.Phase}, suspicion {row.Suspicion.ToString("0.00", CultureInfo.InvariantCulture)}, {(row.Proven ? "proved to be alive" : "may be forged")}; about {Figures.Number(row.Packets)} packets from {Figures.Moment(row.FirstSeen)} to {Figures.Moment(row.LastSeen)}; {(row.DecisionId is { } id ? $"{row.Verdict} by decision {id}" : "nothing is decided")}.";

    protected override object IdOf(SourceRow row) => row.Address;

    protected override void OpenRow(SourceRow row) => _open(row.Address);

    private static Tone ToneOf(string phase) => phase switch
    {
        "malicious" or "blocked" => Tone.Bad,
        "suspicious" => Tone.Warning,
        "trusted" => Tone.Good,
        _ => Tone.Normal,
    };

    private void Ask(Action change)
    {
        change();
        Hurry();
        Desk.KeysChanged();
    }
}
