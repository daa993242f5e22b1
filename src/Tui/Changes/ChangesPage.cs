using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Changes;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Changes;

/// <summary>Changes of mode and rules: tried, confirmed, taken back.</summary>
internal sealed class ChangesPage(IDesk desk) : ListPage<ChangeList, Change>(
    desk,
    desk.Session.Client.Changes.ListAsync,
    new GridColumn<Change>("ID", 5, c => new Piece((c.Id ?? 0).ToString(CultureInfo.InvariantCulture))) { SortKey = c => c.Id ?? 0 },
    new GridColumn<Change>("MADE", 9, c => new Piece(Figures.Clock(c.Created))) { Fold = 2, SortKey = c => c.Created },
    new GridColumn<Change>("STATE", 9, c => new Piece(c.State, ToneOf(c.State))),
    new GridColumn<Change>("MODE", 8, c => new Piece(c.Mode ?? "")) { Fold = 1 },
    new GridColumn<Change>("RULES", 6, c => new Piece(string.Create(CultureInfo.InvariantCulture, $"+{c.RuleCount} -{c.RemoveCount}"))),
    new GridColumn<Change>("WHO", 12, c => new Piece(PlainText.Clean(c.Actor))) { Fold = 3 },
    new GridColumn<Change>("COMMENT", 0, c => new Piece(PlainText.Clean(c.Comment ?? ""), Tone.Dim)) { Fold = 4 })
{
    private const long TrialSeconds = 60;

    private readonly RequestJob _errand = new();

    public override string Name => "Changes";

    protected override IReadOnlyList<Act> Own =>
    [
        new Act('e', "Enforce", "Tries to let the wall act, for a minute; 'y' keeps it, else it goes back by itself.", () => TryMode("enforce")),
        new Act('o', "Observe", "Tries to only observe, for a minute; 'y' keeps it.", () => TryMode("observe")),
        new Act('y', "Confirm", "Keeps the change that is on trial.", () => OnTrial(id => Desk.Session.Client.Changes.ConfirmAsync(id, CancellationToken.None))),
        new Act('x', "Revert", "Takes the change that is on trial back at once.", () => OnTrial(id => Desk.Session.Client.Changes.RevertAsync(id, CancellationToken.None))),
    ];

    protected override string NoRows => "Nothing was changed yet. 'e' tries to enforce.";

    public override bool Tick(bool shown, bool news) => _errand.Tick() | base.Tick(shown, news);

    protected override IReadOnlyList<Change> RowsOf(ChangeList page) => page.Items;

    protected override string Explain(Change row)
    {
        string what = row.Mode is { } mode ? $"mode {mode}" : string.Create(CultureInfo.InvariantCulture, $"{row.RuleCount} rules made, {row.RemoveCount} removed");
        string state = row is { State: "trial", Deadline: { } deadline } ? $"on trial; reverts at {Figures.Clock(deadline)} unless confirmed" : row.State;
        return $"Change {row.Id} of {row.Actor}: {what}, {state}.{(row.Outcome is { } outcome ? $" {outcome}" : "")}{(row.Note is { } note ? $" {note}" : "")}";
    }

    protected override object IdOf(Change row) => row.Id ?? 0;

    protected override void OpenRow(Change row) => Desk.ShowMessage(Explain(row), Tone.Normal);

    private static Tone ToneOf(string state) => state switch
    {
        "trial" => Tone.Warning,
        "confirmed" => Tone.Good,
        _ => Tone.Dim,
    };

    private void TryMode(string mode) => _errand.Start(ProposeAsync(mode), Told);

    private async Task<Answer<Change>> ProposeAsync(string mode)
    {
        Answer<Change> made = await Desk.Session.Client.Changes.ProposeAsync(new ChangeDraft(Mode: mode), CancellationToken.None);
        return made.Value?.Id is { } id ? await Desk.Session.Client.Changes.TryAsync(id, TrialSeconds, CancellationToken.None) : made;
    }

    private void OnTrial(Func<long, Task<Answer<Change>>> act)
    {
        if (Grid.Rows.FirstOrDefault(change => change.State is "trial")?.Id is { } id)
        {
            _errand.Start(act(id), Told);
        }
        else
        {
            Desk.ShowMessage("No change is on trial.", Tone.Dim);
        }
    }

    private void Told(Answer<Change> answer)
    {
        Desk.ShowMessage(answer.Failure?.Sentence ?? Explain(answer.Value!), answer.Failure is null ? ToneOf(answer.Value!.State) : Tone.Bad);
        Hurry();
    }
}
