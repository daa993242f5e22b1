using System.Globalization;
using Blackwall.Client.Status;
using Blackwall.Tui.Events;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Overview;

/// <summary>What the wall is and does right now.</summary>
internal sealed class OverviewPage : Page
{
    private const int NameWidth = 12;
    private const int RateWidth = 11;
    private static readonly string[] Origins = ["operator", "local", "model", "mesh", "feed", "guard"];
    private static readonly (RateKind Kind, string Name, Tone Tone)[] Rates =
    [
        (RateKind.Seen, "seen", Tone.Strong),
        (RateKind.Passed, "passed", Tone.Good),
        (RateKind.Dropped, "dropped", Tone.Bad),
        (RateKind.Limited, "limited", Tone.Warning),
        (RateKind.Redirected, "redirected", Tone.Heading),
        (RateKind.WouldStop, "would stop", Tone.Warning),
    ];

    private readonly Sheet _sheet;

    public OverviewPage(IDesk desk)
        : base(desk)
    {
        _sheet = new Sheet(desk.Palette);
        Add(_sheet);
    }

    public override string Name => "Overview";

    public override IReadOnlyList<Act> Acts => [new Act('r', "Read now", "Asks the appliance at once, also while it is waited for.", Read)];

    public override void Opened() => Build();

    public override bool Tick(bool shown, bool news)
    {
        if (shown)
        {
            Build();
        }

        return false;
    }

    private void Read()
    {
        Desk.Session.Stats.Hurry();
        Desk.Session.Health.Hurry();
    }

    private void Build()
    {
        Session session = Desk.Session;
        if (session.Stats.Value is not { } stats)
        {
            _sheet.Show([[], [new Piece(session.Stats.Failure is { } failure ? $" {failure.Sentence}" : " Nothing is known yet.", Tone.Dim)]]);
            return;
        }

        // An old number looks old.
        Tone fresh(Tone tone) => session.Stale ? Tone.Dim : tone;
        List<IReadOnlyList<Piece>> rows = [];
        rows.AddRange(WallRows(stats.Wall, fresh));
        rows.AddRange(HealthRows(session, fresh));
        rows.AddRange(RateRows(session, stats, fresh));
        rows.AddRange(Told("reasons", Reasons(session, stats), fresh(Tone.Normal)));
        rows.AddRange(Told("decisions", InForce(stats), fresh(Tone.Normal)));
        IReadOnlyList<(string Name, long Count)> losses = Losses.Of(stats);
        rows.AddRange(losses.Count == 0
            ? Told("losses", "none", fresh(Tone.Good))
            : Told("losses", string.Join(", ", losses.Select(loss => $"{loss.Name} {Figures.Number(loss.Count)}")), fresh(Tone.Warning)));
        rows.Add([]);
        rows.AddRange(EventRows(session));
        _sheet.Show(rows);
    }

    private IEnumerable<IReadOnlyList<Piece>> WallRows(Wall wall, Func<Tone, Tone> fresh)
    {
        Tone mode = wall.Mode is "enforce" ? Tone.Good : Tone.Warning;
        string attached = wall.AttachMode is { } attach ? $"attached {attach}, {wall.EgressMode ?? "no egress"}" : "not attached";
        yield return
        [
            Label("wall"),
            new Piece($"{wall.Interface}  ", fresh(Tone.Strong)),
            new Piece(wall.Mode, fresh(mode)),
            new Piece("  "),
            new Piece(attached, fresh(wall.AttachMode is null && wall.Mode is not "off" ? Tone.Bad : Tone.Normal)),
            new Piece($"  policy generation {wall.Generation}{(wall.Adopted ? "  adopted" : "")}", fresh(Tone.Normal)),
        ];
        if (wall.Fallback is { } fallback)
        {
            foreach (IReadOnlyList<Piece> row in Told("fallback", fallback, fresh(Tone.Warning)))
            {
                yield return row;
            }
        }

        if (wall.Fault is { } fault)
        {
            foreach (IReadOnlyList<Piece> row in Told("fault", fault, fresh(Tone.Bad)))
            {
                yield return row;
            }
        }
    }

    private IEnumerable<IReadOnlyList<Piece>> HealthRows(Session session, Func<Tone, Tone> fresh)
    {
        if (session.Health.Value is not { } health)
        {
            yield return [Label("health"), new Piece("-", Tone.Dim)];
            yield break;
        }

        Tone tone = health.Status is "ready" ? Tone.Good : Tone.Warning;
        yield return [Label("health"), new Piece(health.Status, fresh(tone))];
        foreach ((string part, string fault) in health.Faults ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            foreach (IReadOnlyList<Piece> row in Told("", $"{part}: {fault}", fresh(Tone.Bad)))
            {
                yield return row;
            }
        }
    }

    private IEnumerable<IReadOnlyList<Piece>> RateRows(Session session, Stats stats, Func<Tone, Tone> fresh)
    {
        int cells = Math.Max(8, Viewport.Width - NameWidth - RateWidth - 4);
        yield return [];
        yield return [new Piece(CellText.Fit(" packets/s", NameWidth), Tone.Heading), new Piece($"{"now",RateWidth}  "), new Piece($"the last {Math.Min(cells, RateHistory.Capacity)} readings, one a second", Tone.Dim)];
        bool observes = stats.Wall.Mode is not "enforce" || stats.Counters.Any(counter => counter.WouldPackets > 0);
        foreach ((RateKind kind, string name, Tone tone) in Rates.Where(rate => rate.Kind != RateKind.WouldStop || observes))
        {
            string now = session.Stale ? "stale" : Figures.Rate(session.Rates.Latest(kind));
            yield return
            [
                Label(name),
                new Piece($"{now,RateWidth}  ", fresh(Tone.Strong)),
                new Piece(Sparkline.Draw(session.Rates.Last(kind, cells), cells), fresh(tone)),
            ];
        }

        yield return [];
    }

    private static string Reasons(Session session, Stats stats)
    {
        if (!session.Stale && session.Rates.Reasons.Count > 0)
        {
            return string.Join(", ", session.Rates.Reasons.Take(5).Select(reason => $"{reason.Reason} {Figures.Rate(reason.Rate)}/s"));
        }

        string total = string.Join(", ", stats.Counters
            .Select(counter => (counter.Reason, Packets: counter.Packets + counter.WouldPackets))
            .Where(reason => reason.Packets > 0)
            .OrderByDescending(reason => reason.Packets)
            .Take(4)
            .Select(reason => $"{reason.Reason} {Figures.Number(reason.Packets)}"));
        return total.Length == 0 ? "no packet yet" : $"in total {total}";
    }

    private static string InForce(Stats stats)
    {
        IReadOnlyDictionary<string, long>? board = stats.Parts.GetValueOrDefault("board");
        return string.Join("  ", Origins.Select(origin => $"{origin} {(board is not null && board.TryGetValue(Counter(origin), out long count) ? Figures.Number(count) : "-")}"));
    }

    /// <summary>"ofOperator", as the board counts.</summary>
    private static string Counter(string origin) => $"of{CultureInfo.InvariantCulture.TextInfo.ToTitleCase(origin)}";

    private static IEnumerable<IReadOnlyList<Piece>> EventRows(Session session)
    {
        yield return [new Piece(" last events", Tone.Heading)];
        if (session.Log.Count == 0)
        {
            yield return [new Piece(session.Feed.Open ? " none since the console began to listen" : " the stream of events is not open", Tone.Dim)];
        }

        for (int age = 0; age < Math.Min(30, session.Log.Count); age++)
        {
            EventRow happening = session.Log[age];
            yield return [new Piece($" {Figures.Clock(happening.At)} ", Tone.Dim), new Piece($"{happening.Kind,-9} ", EventTones.For(happening.Kind)), new Piece(happening.Text)];
        }
    }

    private static Piece Label(string name) => new(CellText.Fit($" {name}", NameWidth));

    private IEnumerable<IReadOnlyList<Piece>> Told(string name, string text, Tone tone) => CellText.Wrap(text, Math.Max(40, Viewport.Width - NameWidth))
        .Select((line, i) => (IReadOnlyList<Piece>)[Label(i == 0 ? name : ""), new Piece(line, tone)]);
}
