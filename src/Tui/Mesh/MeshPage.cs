using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Mesh;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Mesh;

/// <summary>What sensors of the mesh report, what it comes to here, and who said it.</summary>
internal sealed class MeshPage(IDesk desk) : ListPage<MeshIndicatorList, MeshIndicator>(
    desk,
    cancellation => desk.Session.Client.Mesh.IndicatorsAsync("limit=500", cancellation),
    new GridColumn<MeshIndicator>("ACTION", 10, i => new Piece(i.Action, i.Action is "none" or "log" ? Tone.Dim : Tone.Warning)) { SortKey = i => i.Action },
    new GridColumn<MeshIndicator>("WEIGHT", 7, i => new Piece(i.Weight.ToString("0.00", CultureInfo.InvariantCulture))) { SortKey = i => i.Weight },
    new GridColumn<MeshIndicator>("AGAINST", 8, i => new Piece(i.Against.ToString("0.00", CultureInfo.InvariantCulture))) { Fold = 1, SortKey = i => i.Against },
    new GridColumn<MeshIndicator>("VOTES", 6, i => new Piece(Figures.Number(i.Votes.Count))) { Fold = 2, SortKey = i => i.Votes.Count },
    new GridColumn<MeshIndicator>("UNTIL", 9, i => new Piece(i.Until is { } until ? Figures.Clock(until) : "")) { Fold = 3, SortKey = i => i.Until ?? default },
    new GridColumn<MeshIndicator>("KIND", 8, i => new Piece(i.Kind, Tone.Dim)) { Fold = 2, SortKey = i => i.Kind },
    new GridColumn<MeshIndicator>("VALUE", 0, i => new Piece(PlainText.Clean(i.Value), Tone.Strong)))
{
    private readonly RequestJob _request = new();

    public override string Name => "Mesh";

    protected override IReadOnlyList<Act> Own =>
    [
        new Act(Key.Enter, "Enter", "Source", "Shows what is known of the address.", () => Chosen(OpenRow)),
        new Act('f', "Refute", "Tells all sensors that it is no attacker, and undoes what was done here.", () => Chosen(AskRefute)),
    ];

    protected override string NoRows => "No sensor reports anything. 'blackwall mesh' says how this one takes part.";

    public override bool Tick(bool shown, bool news) => _request.Tick() | base.Tick(shown, news);

    protected override IReadOnlyList<MeshIndicator> RowsOf(MeshIndicatorList page) => page.Items;

    protected override string Explain(MeshIndicator row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Value}: {row.Reason}; {row.Networks} networks, {row.Veterans} veterans, {row.Members} members say so{(row.SeenHere is { } seen ? $", seen here {Figures.Moment(seen)}" : "")}. {string.Join("; ", row.Votes.Take(4).Select(vote => string.Create(CultureInfo.InvariantCulture, $"{vote.Reporter[..Math.Min(12, vote.Reporter.Length)]} {(vote.Against ? "contradicts" : vote.Reason)} ({vote.Evidence}, counts {vote.Counted:0.00})")))}{(row.Votes.Count > 4 ? "; ..." : "")}");

    protected override object IdOf(MeshIndicator row) => (row.Kind, row.Value);

    protected override void OpenRow(MeshIndicator row)
    {
        if (row.Kind is "ipv4" or "ipv6")
        {
            Desk.ShowSource(row.Value);
        }
        else
        {
            Desk.ShowMessage("Only addresses are sources.", Tone.Warning);
        }
    }

    // Seen by all: not by a slip of the finger.
    private void AskRefute(MeshIndicator row) => TextQuestion.Ask(
        Desk, $"Refute {PlainText.Clean(row.Value)}", "Type yes", "", "tells all sensors that it is no attacker", "Refute", typed =>
        {
            if (typed is "yes")
            {
                _request.Start(Desk.Session.Client.Mesh.RefuteAsync(row.Kind, row.Value, CancellationToken.None), answer => OnRefuted(row.Value, answer));
            }
        });

    private void OnRefuted(string value, Answer<Nothing> answer)
    {
        Desk.ShowMessage(answer.Failure?.Sentence ?? $"{value} is refuted.", answer.Failure is null ? Tone.Good : Tone.Bad);
        Hurry();
    }
}
