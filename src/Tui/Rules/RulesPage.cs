using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Decisions;
using Blackwall.Tui.Decisions;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Rules;

/// <summary>The operator's own decisions: added, changed, removed, without overwriting what somebody else changes at the same time.</summary>
internal sealed class RulesPage : Page
{
    private readonly DecisionPager _pager;
    private readonly DecisionBrowser _browser;
    private readonly RequestJob _errand = new();

    public RulesPage(IDesk desk)
        : base(desk)
    {
        _pager = new DecisionPager(desk.Session, "rules");
        _browser = new DecisionBrowser(desk, _pager, () => _pager.Filtered ? [new Piece($"  filter: verdict {_pager.Verdict}", Tone.Warning)] : []);
        _browser.Opened = Change;
        Add(_browser);
    }

    public override string Name => "Rules";

    public override IReadOnlyList<Act> Acts =>
    [
        new Act(Key.Enter, "Enter", "Change", "Changes verdict, end and comment of the chosen rule, unless somebody else just did.", () => Chosen(Change)),
        new Act('a', "Add", "Adds a rule, with a dry run first.", () => DecideDialog.Create(Desk, "rules", "", "drop", _browser.Show)),
        new Act('x', "Remove", "Removes the chosen rule, after asking.", () => Chosen(Remove)),
        new Act('s', "Source", "Shows what is known of the rule's scope.", () => Chosen(rule => Desk.ShowSource(rule.Scope))),
        new Act('v', "Verdict", "Shows the next verdict only.", () => _pager.Filter("", Words.Any, Words.After(_pager.Verdict, Words.Verdicts))),
        new Act('n', "Older", "The next page; so does going down from the last row.", () => _browser.Step(1)),
        new Act('m', "Newer", "The page before; so does going up from the first row.", () => _browser.Step(-1)),
        .. _browser.OrderActs,
        new Act('r', "Read now", "Reads the page again.", _pager.Hurry),
    ];

    public override void Opened() => _pager.Hurry();

    public override bool Tick(bool shown, bool news) => _errand.Tick() | _browser.Beat(shown);

    private void Chosen(Action<Decision> act)
    {
        if (_browser.TryGet(out Decision rule))
        {
            act(rule);
        }
    }

    private void Change(Decision rule) => WithTag(rule, (now, tag) => DecideDialog.Change(Desk, now, tag, _browser.Show));

    private void Remove(Decision rule) =>
        WithTag(rule, (now, tag) => LiftDialog.Open(Desk, now, string.Create(CultureInfo.InvariantCulture, $"rules/{now.Id}"), tag, _pager.Hurry));

    /// <summary>The rule as it is now, with the tag that a change has to name.</summary>
    private void WithTag(Decision rule, Action<Decision, string?> act) => _errand.Start(
        Desk.Session.Client.ReadAsync(string.Create(CultureInfo.InvariantCulture, $"rules/{rule.Id}"), ClientJson.Default.Decision, CancellationToken.None),
        answer =>
        {
            if (answer.Value is { } now)
            {
                act(now, answer.Tag);
                return;
            }

            Desk.ShowMessage(answer.Failure!.Sentence, Tone.Bad);
            _pager.Hurry();
        });
}
