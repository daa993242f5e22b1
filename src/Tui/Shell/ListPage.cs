using Blackwall.Client;
using Blackwall.Tui.Live;
using Blackwall.Tui.Widgets;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Shell;

/// <summary>A page that is a list of what the appliance has, read again every few seconds, filtered and sorted here, with the chosen row in full below.</summary>
internal abstract class ListPage<TPage, TRow> : Page
    where TPage : class
{
    private const int DetailRows = 5;

    private readonly Poll<TPage> _list;
    private readonly Strip _about;
    private readonly Strip _detail;
    private readonly RowOrder<TRow> _order;

    protected ListPage(IDesk desk, Func<CancellationToken, Task<Answer<TPage>>> ask, params GridColumn<TRow>[] columns)
        : base(desk)
    {
        _list = new Poll<TPage>(ask, TimeSpan.FromSeconds(2), desk.Session.Time);
        _order = new RowOrder<TRow>(columns);
        _about = new Strip(desk.Palette);
        Grid = new Grid<TRow>(desk.Palette, columns) { Y = 1, Height = Dim.Fill(DetailRows + 1), Chosen = ShowDetail, Opened = () => Chosen(OpenRow) };
        _detail = new Strip(desk.Palette) { Y = Pos.AnchorEnd(DetailRows), Height = DetailRows };
        Add(_about, Grid, new Rule(desk.Palette) { Y = Pos.AnchorEnd(DetailRows + 1) }, _detail);
    }

    public sealed override IReadOnlyList<Act> Acts =>
    [
        .. Own,
        new Act('/', "Filter", "Shows only rows with this text in any column.", AskFilter),
        new Act('>', "Sort", "Sorts by the next column; after the last one as the appliance gives them.", () => Order(_order.NextColumn)),
        new Act('<', "Reverse", "Turns the order round.", () => Order(_order.Reverse)),
        new Act('r', "Read now", "Asks the appliance again.", _list.Hurry),
    ];

    /// <summary>What can be done here beside looking.</summary>
    protected abstract IReadOnlyList<Act> Own { get; }

    protected Grid<TRow> Grid { get; }

    /// <summary>What to say when the appliance has no rows.</summary>
    protected abstract string NoRows { get; }

    public override void Opened() => Build();

    public override bool Tick(bool shown, bool news)
    {
        bool changed = shown && _list.Tick();
        if (changed)
        {
            Build();
        }

        return changed;
    }

    protected abstract IReadOnlyList<TRow> RowsOf(TPage page);

    /// <summary>The row in a sentence or two.</summary>
    protected abstract string Explain(TRow row);

    /// <summary>What makes it the same row in the next answer.</summary>
    protected abstract object IdOf(TRow row);

    /// <summary>Enter or a double click.</summary>
    protected abstract void OpenRow(TRow row);

    /// <summary>More for the line above the list.</summary>
    protected virtual IReadOnlyList<Piece> AboutMore => [];

    /// <summary>Asks the appliance again, soon.</summary>
    protected void Hurry() => _list.Hurry();

    protected void Chosen(Action<TRow> act)
    {
        if (Grid.TryGet(out TRow row))
        {
            act(row);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _list.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Order(Action change)
    {
        change();
        Build();
    }

    private void AskFilter() => TextQuestion.Ask(
        Desk, $"Filter {Name.ToLowerInvariant()}", "Contains", _order.Contains, "any part of a row; empty: all", "Filter", wanted => Order(() => _order.Contains = wanted));

    private void Build()
    {
        IReadOnlyList<TRow> all = _list.Value is { } page ? RowsOf(page) : [];
        object? chosen = Grid.TryGet(out TRow row) ? IdOf(row) : null;
        IReadOnlyList<TRow> rows = _order.Apply(all);
        int same = chosen is null ? -1 : rows.ToList().FindIndex(candidate => Equals(IdOf(candidate), chosen));
        Grid.Empty = _list.Failure?.Sentence ?? (_list.Value is null ? "Reading…" : all.Count > 0 ? "Nothing fits the filter." : NoRows);
        Grid.Show(rows, same >= 0 ? same : Grid.Index);
        _about.Show(
        [
            new Piece(rows.Count == all.Count ? $" {Figures.Number(all.Count)}" : $" {Figures.Number(rows.Count)} of {Figures.Number(all.Count)}"),
            .. AboutMore,
            .. _order.About,
            .. _list.Failure is { } failure ? [new Piece($"  {failure.Sentence}", Tone.Bad)] : Array.Empty<Piece>(),
        ]);
        ShowDetail();
    }

    private void ShowDetail() => _detail.ShowRows(Grid.TryGet(out TRow row) ? [.. Paragraph.Lines(PlainText.Clean(Explain(row)), Tone.Normal, Math.Max(20, Viewport.Width))] : []);
}
