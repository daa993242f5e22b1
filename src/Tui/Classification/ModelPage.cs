using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Classification;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Classification;

/// <summary>What the language model thinks of sources.</summary>
internal sealed class ModelPage(IDesk desk) : ListPage<OpinionPage, Opinion>(
    desk,
    cancellation => desk.Session.Client.Model.OpinionsAsync("limit=500", cancellation),
    new GridColumn<Opinion>("TIME", 9, o => new Piece(Figures.Clock(o.Time))) { SortKey = o => o.Time },
    new GridColumn<Opinion>("TAKEN FOR", 10, o => new Piece(PlainText.Clean(o.Category), o.Category is "benign" or "unknown" ? Tone.Dim : Tone.Warning)),
    new GridColumn<Opinion>("SURE", 5, o => new Piece(o.Percent.ToString(CultureInfo.InvariantCulture))) { SortKey = o => o.Percent },
    new GridColumn<Opinion>("FOLLOWED", 9, o => new Piece(PlainText.Clean(o.Effect), o.Effect is "limited" ? Tone.Strong : Tone.Dim)) { Fold = 1 },
    new GridColumn<Opinion>("MODEL", 14, o => new Piece(PlainText.Clean(o.Model), Tone.Dim)) { Fold = 2 },
    new GridColumn<Opinion>("ADDRESS", 0, o => new Piece(PlainText.Clean(o.Source), Tone.Strong)))
{
    public override string Name => "Model";

    protected override IReadOnlyList<Act> Own => [new Act(Key.Enter, "Enter", "Source", "Shows what is known of the address.", () => Chosen(OpenRow))];

    protected override string NoRows => "The model has no opinions; 'blackwall model' says whether it is asked.";

    protected override IReadOnlyList<Opinion> RowsOf(OpinionPage page) => page.Items;

    protected override string Explain(Opinion row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Figures.Moment(row.Time)} {row.Model} takes {row.Source} for {row.Category}, {row.Percent} of 100{(row.Cached ? ", as another source with like numbers" : "")}; {row.Effect}. Exchange {row.Exchange}. On: {string.Join(", ", row.Numbers.Select(number => $"{number.Key} {number.Value}"))}");

    protected override object IdOf(Opinion row) => row.Source;

    protected override void OpenRow(Opinion row) => Desk.ShowSource(row.Source);
}
