using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Captures;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Captures;

/// <summary>Packets of sources that were, or are being, captured.</summary>
internal sealed class CapturesPage(IDesk desk) : ListPage<CapturePage, Capture>(
    desk,
    cancellation => desk.Session.Client.Captures.ListAsync("limit=500", cancellation),
    new GridColumn<Capture>("ID", 7, c => new Piece(c.Id.ToString(CultureInfo.InvariantCulture))) { SortKey = c => c.Id },
    new GridColumn<Capture>("STARTED", 9, c => new Piece(Figures.Clock(c.Started))) { Fold = 2, SortKey = c => c.Started },
    new GridColumn<Capture>("STATE", 6, c => c.Ended is null ? new Piece("runs", Tone.Good) : new Piece("over", Tone.Dim)),
    new GridColumn<Capture>("PACKETS", 8, c => new Piece(Figures.Number(c.Packets))) { SortKey = c => c.Packets },
    new GridColumn<Capture>("BYTES", 9, c => new Piece(Figures.Number(c.Bytes))) { Fold = 1, SortKey = c => c.Bytes },
    new GridColumn<Capture>("BY", 9, c => new Piece(PlainText.Clean(c.Cause), Tone.Dim)) { Fold = 3 },
    new GridColumn<Capture>("ADDRESS", 0, c => new Piece(PlainText.Clean(c.Address), Tone.Strong)))
{
    private readonly RequestJob _errand = new();

    public override string Name => "Captures";

    protected override IReadOnlyList<Act> Own =>
    [
        new Act(Key.Enter, "Enter", "Source", "Shows what is known of the address.", () => Chosen(OpenRow)),
        new Act('a', "Capture", "Captures an address for a while.", AskAddress),
    ];

    protected override string NoRows => "Nothing was captured yet.";

    public override bool Tick(bool shown, bool news) => _errand.Tick() | base.Tick(shown, news);

    protected override IReadOnlyList<Capture> RowsOf(CapturePage page) => page.Items;

    protected override string Explain(Capture row) => string.Create(
        CultureInfo.InvariantCulture,
        $"Capture {row.Id} of {row.Address}, {(row.Ended is { } ended ? $"ended {Figures.Moment(ended)}{(row.Outcome is { } outcome ? $", {outcome}" : "")}" : $"runs until {Figures.Moment(row.Until)}")}, by {row.Actor}. 'blackwall capture-file {row.Id} >FILE' writes it as pcapng. Decisions: {(row.Decisions.Count == 0 ? "none" : string.Join(", ", row.Decisions))}");

    protected override object IdOf(Capture row) => row.Id;

    protected override void OpenRow(Capture row) => Desk.ShowSource(row.Address);

    private void AskAddress()
    {
        TextField address = Form.TextOf(Desk.Palette, Grid.TryGet(out Capture chosen) ? chosen.Address : "");
        TextField seconds = Form.TextOf(Desk.Palette, "60");
        Form form = new(Desk.Palette, "Capture a source", [new FormField("Address", address, "IPv4 or IPv6"), new FormField("Seconds", seconds, "how long")], 1);
        form.Acts =
        [
            new Act(Key.Enter, "Enter", "Capture", "", () =>
            {
                (string wanted, bool isNumber) = (address.Text.Trim(), long.TryParse(seconds.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long time));
                Desk.Close();
                if (isNumber)
                {
                    _errand.Start(Desk.Session.Client.Captures.StartAsync(new CaptureDraft(wanted, time), CancellationToken.None), Told);
                }
                else
                {
                    Desk.ShowMessage("Seconds must be a whole number.", Tone.Warning);
                }
            }),
            new Act(Key.Esc, "Esc", "Leave", "", Desk.Close),
        ];
        Desk.Open(form);
    }

    private void Told(Answer<Capture> answer)
    {
        Desk.ShowMessage(answer.Failure?.Sentence ?? $"Capturing {answer.Value!.Address} until {Figures.Clock(answer.Value.Until)}.", answer.Failure is null ? Tone.Good : Tone.Bad);
        Hurry();
    }
}
