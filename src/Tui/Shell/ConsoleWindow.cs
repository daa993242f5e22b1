using Blackwall.Tui.Auditing;
using Blackwall.Tui.Captures;
using Blackwall.Tui.Changes;
using Blackwall.Tui.Classification;
using Blackwall.Tui.Decisions;
using Blackwall.Tui.Events;
using Blackwall.Tui.Feeds;
using Blackwall.Tui.Live;
using Blackwall.Tui.Overview;
using Blackwall.Tui.Rules;
using Blackwall.Tui.Sessions;
using Blackwall.Tui.Sinks;
using Blackwall.Tui.Sources;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Shell;

/// <summary>The whole screen: who is spoken to and how well, the pages, what went wrong, the keys.</summary>
internal sealed class ConsoleWindow : Runnable, IDesk
{
    // Below this nothing can be read.
    private const int LeastWidth = 20;
    private const int LeastHeight = 8;
    private const int MostBanner = 4;

    // One key a page, in their order; letters once the digits are used up: capitals, because pages use small ones.
    private const string PageKeys = "1234567890FM";

    private readonly Strip _header;
    private readonly KeyBar _tabs;
    private readonly Strip _banner;
    private readonly KeyBar _keys;
    private readonly Strip _tooSmall;
    private readonly Page[] _pages;
    private readonly Act[] _tabActs;
    private readonly Act[] _everywhere;
    private readonly SourcesPage _sources;
    private int _page;
    private Form? _form;
    private Piece _said = new("");
    private long _second;
    private int _bannerRows = 1;

    public ConsoleWindow(Session session, Palette palette)
    {
        (Session, Palette) = (session, palette);
        SetScheme(palette.Scheme);
        BorderStyle = null;
        Width = Dim.Fill();
        Height = Dim.Fill();
        _sources = new SourcesPage(this);
        _pages = [new OverviewPage(this), new DecisionsPage(this), _sources, new RulesPage(this), new EventsPage(this), new SessionsPage(this), new ChangesPage(this), new CapturesPage(this), new AuditPage(this), new SinksPage(this), new FeedsPage(this), new ModelPage(this)];
        _tabActs = [.. _pages.Select((page, i) => new Act(PageKeys[i], page.Name, $"Goes to {page.Name.ToLowerInvariant()}.", () => ShowPage(i)))];
        _everywhere =
        [
            new Act('?', "Help", "Shows the keys.", OpenHelp),
            new Act('q', "Quit", "Ends the console; the appliance goes on. So does Ctrl-C.", Quit),
        ];
        _header = new Strip(palette);
        _tabs = new KeyBar(palette) { Y = 1 };
        _banner = new Strip(palette) { Y = 2 };
        _keys = new KeyBar(palette) { Y = Pos.AnchorEnd(1) };
        _tooSmall = new Strip(palette) { Visible = false, Height = 1 };
        Add(_header, _tabs, _banner, _keys);
        foreach (Page page in _pages)
        {
            page.Y = 3;
            page.Height = Dim.Fill(1);
            page.Visible = false;
            Add(page);
        }

        Add(_tooSmall);
        ShowPage(0);
    }

    public Session Session { get; }

    public Palette Palette { get; }

    /// <summary>Takes up answers and events, and shows them.</summary>
    public void Beat()
    {
        bool news = Session.Tick();
        bool changed = news;
        for (int i = 0; i < _pages.Length; i++)
        {
            changed |= _pages[i].Tick(i == _page, news);
        }

        _form?.Beat?.Invoke();

        // Ages and ends count down without news.
        long second = Session.Time.GetUtcNow().ToUnixTimeSeconds();
        if (changed || second != _second)
        {
            _second = second;
            ShowFrame();
            SetNeedsDraw();
        }

        Fit();
    }

    public void Open(Form form)
    {
        Close();
        _form = form;
        foreach (View view in SubViews.ToArray())
        {
            view.Enabled = false;
        }

        form.Initialized += (_, _) => form.SetFocus();
        Add(form);
        form.SetFocus();
        form.Edit(editable: true);
        ShowFrame();
    }

    public void Close()
    {
        if (_form is not { } form)
        {
            return;
        }

        _form = null;
        Remove(form);
        form.Dispose();
        foreach (View view in SubViews.ToArray())
        {
            view.Enabled = true;
        }

        _pages[_page].SetFocus();
        ShowFrame();
        SetNeedsDraw();
    }

    public void ShowSource(string scope)
    {
        ShowPage(Array.IndexOf(_pages, _sources));
        _sources.LookUp(scope);
    }

    public void ShowMessage(string sentence, Tone tone)
    {
        _said = new Piece(sentence, tone);
        ShowFrame();
    }

    public void KeysChanged() => ShowFrame();

    protected override bool OnKeyDown(Key key)
    {
        if (key == Key.C.WithCtrl)
        {
            Quit();
            return true;
        }

        if (_form is not null || _tooSmall.Visible)
        {
            return key == Key.Esc;
        }

        if (_tabActs.Concat(_pages[_page].Acts).Concat(_everywhere).FirstOrDefault(act => act.IsFor(key)) is { } act)
        {
            act.Run();
            return true;
        }

        int step = key == Key.Tab || key == Key.CursorRight ? 1 : key == Key.Tab.WithShift || key == Key.CursorLeft ? _pages.Length - 1 : 0;
        if (step != 0)
        {
            ShowPage((_page + step) % _pages.Length);
        }

        // Esc would end the console: it only ever closes what is open.
        return step != 0 || key == Key.Esc;
    }

    private void Quit() => App?.RequestStop(this);

    private void ShowPage(int page)
    {
        _pages[_page].Visible = false;
        _page = page;
        _pages[page].Visible = true;
        _said = new Piece("");
        _pages[page].Opened();
        _pages[page].SetFocus();
        ShowFrame();
        SetNeedsLayout();
        SetNeedsDraw();
    }

    private void OpenHelp()
    {
        List<Piece> rows = [new Piece(_pages[_page].Name, Tone.Heading)];
        rows.AddRange(_pages[_page].Acts.Select(Explain));
        rows.AddRange([new Piece(" "), new Piece("Everywhere", Tone.Heading)]);
        rows.AddRange(_tabActs.Concat(_everywhere).Select(Explain));
        rows.AddRange(
        [
            new Piece("Tab ← →    The next or the page before."),
            new Piece("↑ ↓ k j PgUp PgDn Home End  Move in a list or a text; so does the wheel."),
            new Piece(" "),
            new Piece("A click on a key does what the key does; a double click opens a row. Times are UTC."),
        ]);
        Form help = new(Palette, "Keys", [], 18);
        help.ShowText(rows);
        help.Acts = [new Act(Key.Esc, "Esc", "Close", "", Close), new Act('?', "Close", "", Close)];
        Open(help);
        help.Edit(editable: false);
    }

    private static Piece Explain(Act act) => new($"{act.Name,-10} {act.Help}");

    private void ShowFrame()
    {
        bool stale = Session.Stale;
        Piece link = (Session.Stats.Value, stale) switch
        {
            (null, false) => new Piece("connecting", Tone.Dim),
            (_, true) => new Piece("no answer", Tone.Bad),
            _ when !Session.Feed.Open => new Piece("live, events closed", Tone.Warning),
            _ => new Piece("live", Tone.Good),
        };
        List<Piece> header = [new Piece(" Blackwall ", Tone.Heading), new Piece($" {Session.Client.Place}  "), link];
        if (Session.Stats.Value is { } stats)
        {
            header.Add(new Piece($"  {stats.Wall.Interface} {stats.Wall.Mode}", stale ? Tone.Dim : Tone.Strong));
        }

        _header.Show(header);
        _tabs.Show(_tabActs, _tabActs[_page]);
        ShowBanner();
        if (_form is { } form)
        {
            _keys.Show(form.Acts);
        }
        else
        {
            _keys.Show([.. _pages[_page].Acts, .. _everywhere], last: _everywhere.Length);
        }
    }

    /// <summary>What is wrong comes before what was said; the page begins below.</summary>
    private void ShowBanner()
    {
        Piece told = Banner();
        IReadOnlyList<Piece>[] rows = told.Text.Length == 0
            ? [[new Piece(new string('─', Math.Max(0, Viewport.Width)), Tone.Dim)]]
            : [.. Paragraph.Lines(told.Text, told.Tone, Math.Max(20, Viewport.Width)).Take(MostBanner)];
        _banner.ShowRows(rows);
        if (rows.Length == _bannerRows)
        {
            return;
        }

        _bannerRows = rows.Length;
        _banner.Height = rows.Length;
        foreach (Page page in _pages)
        {
            page.Y = 2 + rows.Length;
        }

        SetNeedsLayout();
    }

    private Piece Banner()
    {
        DateTimeOffset now = Session.Time.GetUtcNow();
        if (Session.LostSince is { } since && Session.Stats.Failure is { } failure)
        {
            string again = Session.Stats.Due > now ? $"next try in {Figures.Span(Session.Stats.Due - now)}" : "trying";
            string old = Session.Stats.At is { } at ? $" Numbers are stale, of {Figures.Clock(at)}." : "";
            return new Piece($"No answer since {Figures.Clock(since)}, {again}.{old} {failure.Sentence}", Tone.Bad);
        }

        return _said.Text.Length > 0 ? _said
            : Session.Feed.Failure is { } closed ? new Piece($"Events: {closed.Sentence}", Tone.Warning)
            : new Piece("");
    }

    private void Fit()
    {
        bool small = Viewport.Width < LeastWidth || Viewport.Height < LeastHeight;
        if (small == _tooSmall.Visible || Viewport.IsEmpty)
        {
            return;
        }

        foreach (View view in SubViews.ToArray())
        {
            view.Visible = ReferenceEquals(view, _tooSmall) ? small : !small && (view is not Page page || ReferenceEquals(page, _pages[_page]));
        }

        _tooSmall.Show([new Piece("Make this terminal larger.", Tone.Warning)]);
        SetNeedsLayout();
        SetNeedsDraw();
    }
}
