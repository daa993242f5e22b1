using Blackwall.Client;
using Blackwall.Client.Sessions;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using TarpitSession = Blackwall.Client.Sessions.Session;

namespace Blackwall.Tui.Sessions;

/// <summary>Sessions of the tarpit: the list; and of one its transcript and its terminal, live or replayed.</summary>
internal sealed class SessionsPage : Page
{
    private readonly Poll<SessionPage> _list;
    private readonly Strip _about;
    private readonly Grid<TarpitSession> _grid;
    private readonly Sheet _sheet;
    private OpenedSession? _opened;
    private bool _showsTerminal;

    public SessionsPage(IDesk desk)
        : base(desk)
    {
        _list = new Poll<SessionPage>(cancellation => desk.Session.Client.Sessions.ListAsync("limit=200", cancellation), TimeSpan.FromSeconds(2), desk.Session.Time);
        _about = new Strip(desk.Palette);
        _grid = new Grid<TarpitSession>(
            desk.Palette,
            new GridColumn<TarpitSession>("STARTED", 9, s => new Piece(Figures.Clock(s.Started))),
            new GridColumn<TarpitSession>("STATE", 6, s => s.Ended is null ? new Piece("live", Tone.Good) : new Piece("over", Tone.Dim)) { Fold = 3 },
            new GridColumn<TarpitSession>("SPEAKS", 6, s => new Piece(PlainText.Clean(s.Protocol))) { Fold = 2 },
            new GridColumn<TarpitSession>("SOURCE", 22, s => new Piece(PlainText.Clean(s.Source))),
            new GridColumn<TarpitSession>("USER", 10, s => new Piece(PlainText.Clean(s.User ?? ""), Tone.Bad)) { Fold = 1 },
            new GridColumn<TarpitSession>("TRIES", 6, s => new Piece(Figures.Number(s.Logins))) { Fold = 4 },
            new GridColumn<TarpitSession>("RAN", 5, s => new Piece(Figures.Number(s.Commands))) { Fold = 5 },
            new GridColumn<TarpitSession>("CLIENT", 0, s => new Piece(PlainText.Clean(s.Client ?? ""), Tone.Dim)) { Fold = 6 })
        {
            Y = 1,
            Empty = "Nobody was in the tarpit yet.",
        };
        _grid.Opened = OpenRow;
        _sheet = new Sheet(desk.Palette) { Y = 1, Visible = false };
        Add(_about, _grid, _sheet);
    }

    public override string Name => "Sessions";

    public override IReadOnlyList<Act> Acts => _opened is null
        ?
        [
            new Act(Key.Enter, "Enter", "Look", "Shows what happens in the session.", OpenRow),
            new Act('s', "Source", "Shows what is known of the session's address.", ShowSource),
            new Act('r', "Read now", "Asks the appliance again.", _list.Hurry),
        ]
        :
        [
            new Act('t', _showsTerminal ? "Transcript" : "Terminal", "Shows the terminal instead of the transcript, or the other way.", SwitchView),
            new Act('p', "Replay", "Plays the terminal from its start.", Play),
            new Act(Key.Space, "Space", "Pause", "Stops the replay, or goes on with it.", Pause),
            new Act('f', "Faster", "Plays 2, 4, 8 or 16 times as fast, and then as it was.", Hasten),
            new Act('v', "Live", "Shows the terminal as it is now.", GoLive),
            new Act('b', "Back", "Shows the list again.", CloseSession),
        ];

    public override void Opened() => Build();

    public override bool Tick(bool shown, bool news)
    {
        if (!shown)
        {
            return false;
        }

        bool changed = _list.Tick();
        bool followed = _opened?.Tick() == true;
        if (changed || followed)
        {
            Build();
        }

        return changed || followed;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _list.Dispose();
        }

        base.Dispose(disposing);
    }

    private void OpenRow()
    {
        if (_grid.TryGet(out TarpitSession session))
        {
            _opened = new OpenedSession(session.Id, Desk.Session.Client, Desk.Session.Time);
            ShowSession(terminal: false);
        }
    }

    private void ShowSource()
    {
        if (_grid.TryGet(out TarpitSession session))
        {
            Desk.ShowSource(session.Source);
        }
    }

    private void CloseSession()
    {
        _opened = null;
        (_grid.Visible, _sheet.Visible) = (true, false);
        _grid.SetFocus();
        Build();
        Desk.KeysChanged();
    }

    private void SwitchView() => ShowSession(!_showsTerminal);

    private void Play()
    {
        _opened!.Replay.Start(Desk.Session.Time.GetUtcNow());
        ShowSession(terminal: true);
    }

    private void Pause()
    {
        _opened!.Replay.Pause(Desk.Session.Time.GetUtcNow());
        Build();
    }

    private void Hasten()
    {
        _opened!.Replay.Hasten();
        Build();
    }

    private void GoLive()
    {
        _opened!.Replay.GoLive();
        ShowSession(terminal: true);
    }

    private void ShowSession(bool terminal)
    {
        _showsTerminal = terminal;
        (_grid.Visible, _sheet.Visible) = (false, true);
        _sheet.SetFocus();
        Build();
        Desk.KeysChanged();
    }

    private void Build()
    {
        if (_opened is not { } opened)
        {
            BuildList();
            return;
        }

        BuildAbout(opened);
        bool follows = _sheet.IsAtEnd;
        IReadOnlyList<IReadOnlyList<Piece>> rows = _showsTerminal
            ? [.. opened.Replay.Rows.Select(row => (IReadOnlyList<Piece>)[new Piece(row)])]
            : [.. opened.Happened.Select(SessionText.Line).Select(line => (IReadOnlyList<Piece>)[.. line.Select(piece => piece with { Text = PlainText.Clean(piece.Text) })])];
        _sheet.Show(rows.Count > 0 ? rows : [[new Piece(_showsTerminal ? " This session has no terminal." : " Asking…", Tone.Dim)]]);
        _sheet.Top = follows ? int.MaxValue : _sheet.Top;
    }

    private void BuildList()
    {
        IReadOnlyList<TarpitSession> sessions = _list.Value?.Items ?? [];
        _grid.TryGet(out TarpitSession chosen);
        int index = sessions.ToList().FindIndex(session => string.Equals(session.Id, chosen?.Id, StringComparison.Ordinal));
        _grid.Show(sessions, Math.Max(0, index));
        List<Piece> pieces = [new Piece($" {Figures.Number(sessions.Count)} sessions"), new Piece($", {Figures.Number(sessions.Count(s => s.Ended is null))} go on", Tone.Good)];
        if (_list.Failure is { } failure)
        {
            pieces.Add(new Piece($"  {failure.Sentence}", Tone.Bad));
        }

        _about.Show(pieces);
    }

    private void BuildAbout(OpenedSession opened)
    {
        Replay replay = opened.Replay;
        List<Piece> pieces = [new Piece($" {PlainText.Clean(opened.Id)} ", Tone.Heading), opened.IsOver ? new Piece(" over", Tone.Dim) : new Piece(" live", Tone.Good)];
        if (_showsTerminal && !replay.IsLive)
        {
            pieces.Add(new Piece($"  replay {Minutes(replay.Position)} of {Minutes(replay.End)}, {replay.Speed}x", Tone.Strong));
            pieces.Add(new Piece(replay.IsPaused ? "  PAUSED" : replay.IsAtEnd ? "  at its end" : "", Tone.Warning));
        }

        if (opened.Failure is { } failure)
        {
            pieces.Add(new Piece($"  {failure.Sentence}", Tone.Bad));
        }

        _about.Show(pieces);
    }

    private static string Minutes(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");
}
