using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Events;

/// <summary>What happens, as it happens.</summary>
internal sealed class EventsPage : Page
{
    private const int DetailRows = 3;
    private static readonly string[] Kinds = ["any", "decision", "lifted", "evidence", "status", "change", "gap"];
    private readonly Strip _about;
    private readonly Grid<EventRow> _grid;
    private readonly Strip _detail;
    private string _contains = "";
    private string _kind = "any";
    private bool _paused;
    private long _shown = -1;
    private long _forgotten;

    public EventsPage(IDesk desk)
        : base(desk)
    {
        _about = new Strip(desk.Palette);
        _grid = new Grid<EventRow>(
            desk.Palette,
            new GridColumn<EventRow>("TIME", 9, h => new Piece(Figures.Clock(h.At))),
            new GridColumn<EventRow>("EVENT", 9, h => new Piece(h.Kind, EventTones.For(h.Kind))),
            new GridColumn<EventRow>("WHAT", 0, h => new Piece(h.Text, h.Kind is "gap" ? Tone.Warning : Tone.Normal)))
        {
            Y = 1,
            Height = Dim.Fill(DetailRows + 1),
            Empty = "Nothing happened yet.",
        };
        _grid.Opened = OpenRow;
        _grid.Chosen = ShowDetail;
        _detail = new Strip(desk.Palette) { Y = Pos.AnchorEnd(DetailRows), Height = DetailRows };
        Add(_about, _grid, new Rule(desk.Palette) { Y = Pos.AnchorEnd(DetailRows + 1) }, _detail);
    }

    public override string Name => "Events";

    public override IReadOnlyList<Act> Acts =>
    [
        new Act(Key.Enter, "Enter", "Source", "Shows what is known of the event's address.", OpenRow),
        new Act('p', _paused ? "Go on" : "Pause", "Stands still while events go on to be kept, or goes on.", Pause),
        new Act('/', "Filter", "Shows only events with these words or of this kind.", Filter),
        new Act('c', "No filter", "Shows all events again.", () => Apply("", "any")),
    ];

    public override void Opened() => Build();

    public override bool Tick(bool shown, bool news)
    {
        if (!shown || _paused || Desk.Session.Log.Total == _shown)
        {
            About();
            return false;
        }

        Build();
        return true;
    }

    private void OpenRow()
    {
        if (_grid.TryGet(out EventRow happening) && happening.Subject is { } subject)
        {
            Desk.ShowSource(subject);
        }
        else
        {
            Desk.ShowMessage("This event is about no address.", Tone.Dim);
        }
    }

    private void ShowDetail() => _detail.ShowRows(_grid.TryGet(out EventRow happening)
        ? [.. Paragraph.Lines($"{Figures.Moment(happening.At)} {happening.Text}", Tone.Normal, Math.Max(20, Viewport.Width))]
        : []);

    private void Pause()
    {
        _paused = !_paused;
        Build();
        Desk.KeysChanged();
    }

    private void Filter()
    {
        TextField words = Form.TextOf(Desk.Palette, _contains);
        Choice kind = new(Desk.Palette, Kinds, _kind);
        Form form = new(Desk.Palette, "Filter events", [new FormField("Contains", words, "an address, a word"), new FormField("Event", kind, "")], 1);
        form.Acts =
        [
            new Act(Key.Enter, "Enter", "Filter", "", () =>
            {
                (string contains, string chosen) = (words.Text.Trim(), kind.Word);
                Desk.Close();
                Apply(contains, chosen);
            }),
            new Act(Key.Esc, "Esc", "Leave", "", Desk.Close),
        ];
        Desk.Open(form);
    }

    private void Apply(string contains, string kind)
    {
        (_contains, _kind) = (contains, kind);
        Build();
    }

    private void Build()
    {
        EventLog log = Desk.Session.Log;

        // Whoever reads an old event keeps it under the choice while new ones come in above.
        bool following = _grid.Index == 0;
        _grid.TryGet(out EventRow chosen);
        if (!_paused || _shown < 0)
        {
            (_shown, _forgotten) = (log.Total, log.Forgotten);
        }

        int newer = (int)Math.Min(log.Count, log.Total - _shown);
        List<EventRow> rows = [];
        for (int age = newer; age < log.Count; age++)
        {
            EventRow happening = log[age];
            if ((_kind is "any" || string.Equals(_kind, happening.Kind, StringComparison.Ordinal)) && happening.Text.Contains(_contains, StringComparison.OrdinalIgnoreCase))
            {
                rows.Add(happening);
            }
        }

        int index = following ? 0 : rows.FindIndex(row => ReferenceEquals(row, chosen));
        _grid.Show(rows, Math.Max(0, index));
        About();
    }

    private void About()
    {
        EventLog log = Desk.Session.Log;
        List<Piece> pieces = [new Piece($" {Figures.Number(_grid.Rows.Count)} of {Figures.Number(log.Count)} events kept")];
        if (_forgotten > 0)
        {
            pieces.Add(new Piece($", {Figures.Number(_forgotten)} older ones forgotten", Tone.Dim));
        }

        if (_contains.Length > 0 || _kind is not "any")
        {
            pieces.Add(new Piece($"  filter: {_kind} '{_contains}'", Tone.Warning));
        }

        if (_paused)
        {
            pieces.Add(new Piece($"  PAUSED, {Figures.Number(log.Total - _shown)} new", Tone.Warning));
        }

        pieces.Add(Desk.Session.Feed.Open ? new Piece("  listening", Tone.Good) : new Piece("  not listening", Tone.Bad));
        _about.Show(pieces);
    }
}
