using System.Globalization;
using Blackwall.Client.Decisions;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Decisions;

/// <summary>Everything that is decided, by whomever: looked through a page at a time, lifted, added to.</summary>
internal sealed class DecisionsPage : Page
{
    private readonly DecisionPager _pager;
    private readonly DecisionBrowser _browser;

    public DecisionsPage(IDesk desk)
        : base(desk)
    {
        _pager = new DecisionPager(desk.Session, "decisions");
        _browser = new DecisionBrowser(desk, _pager, About);
        _browser.Opened = decision => desk.ShowSource(decision.Scope);
        Add(_browser);
    }

    public override string Name => "Decisions";

    public override IReadOnlyList<Act> Acts =>
    [
        new Act(Key.Enter, "Enter", "Source", "Shows what is known of the decision's scope.", () => Chosen(decision => Desk.ShowSource(decision.Scope))),
        new Act('b', "Block", "Blocks or allows an address or prefix, with a dry run first.", () => Decide("drop")),
        new Act('a', "Allow", "The same, beginning with allow.", () => Decide("pass")),
        new Act('l', "Lift", "Takes the chosen decision away, after asking.", () => Chosen(decision => LiftDialog.Open(Desk, decision, string.Create(CultureInfo.InvariantCulture, $"decisions/{decision.Id}"), null, _pager.Hurry))),
        new Act('/', "Filter", "Shows only decisions over an address or prefix, of an origin, of a verdict.", Filter),
        new Act('o', "Origin", "Shows the next origin only.", () => _pager.Filter(_pager.Contains, Words.After(_pager.Origin, Words.Origins), _pager.Verdict)),
        new Act('v', "Verdict", "Shows the next verdict only.", () => _pager.Filter(_pager.Contains, _pager.Origin, Words.After(_pager.Verdict, Words.Verdicts))),
        new Act('c', "No filter", "Shows all decisions again.", () => _pager.Filter("", Words.Any, Words.Any)),
        new Act('n', "Older", "The next page; so does going down from the last row.", () => _browser.Step(1)),
        new Act('m', "Newer", "The page before; so does going up from the first row.", () => _browser.Step(-1)),
        .. _browser.OrderActs,
        new Act('r', "Read now", "Reads the page again.", _pager.Hurry),
    ];

    public override void Opened() => _pager.Hurry();

    public override bool Tick(bool shown, bool news) => _browser.Beat(shown);

    private void Chosen(Action<Decision> act)
    {
        if (_browser.TryGet(out Decision decision))
        {
            act(decision);
        }
    }

    private void Decide(string verdict) =>
        DecideDialog.Create(Desk, "decisions", "", verdict, _browser.Show);

    private void Filter()
    {
        TextField contains = Form.TextOf(Desk.Palette, _pager.Contains);
        Choice origin = new(Desk.Palette, [Words.Any, .. Words.Origins], _pager.Origin);
        Choice verdict = new(Desk.Palette, [Words.Any, .. Words.Verdicts], _pager.Verdict);
        Form form = new(
            Desk.Palette,
            "Filter decisions",
            [
                new FormField("Contains", contains, "scopes around this address"),
                new FormField("Origin", origin, "← → to change"),
                new FormField("Verdict", verdict, "← → to change"),
            ],
            1);
        form.Acts =
        [
            new Act(Key.Enter, "Enter", "Filter", "", () =>
            {
                (string scope, string from, string to) = (contains.Text.Trim(), origin.Word, verdict.Word);
                Desk.Close();
                _pager.Filter(scope, from, to);
            }),
            new Act(Key.Tab, "Tab", "Next field", "", () => form.Next(1)),
            new Act(Key.Esc, "Esc", "Leave", "", Desk.Close),
        ];
        Desk.Open(form);
    }

    private List<Piece> About()
    {
        List<Piece> pieces = [];
        if (Desk.Session.Stats.Value?.Parts.GetValueOrDefault("board")?.TryGetValue("decisions", out long all) == true)
        {
            pieces.Add(new Piece($"  of {Figures.Number(all)} in force", Desk.Session.Stale ? Tone.Dim : Tone.Normal));
        }

        if (_pager.Filtered)
        {
            pieces.Add(new Piece($"  filter: {(_pager.Contains.Length > 0 ? $"contains {_pager.Contains}, " : "")}origin {_pager.Origin}, verdict {_pager.Verdict}", Tone.Warning));
        }

        return pieces;
    }
}
