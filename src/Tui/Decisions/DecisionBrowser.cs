using Blackwall.Client.Decisions;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Decisions;

/// <summary>A list of decisions a page at a time, with the chosen one in detail below.</summary>
internal sealed class DecisionBrowser : View
{
    private const int DetailRows = 6;
    private readonly IDesk _desk;
    private readonly DecisionPager _pager;
    private readonly Func<IReadOnlyList<Piece>> _about;
    private readonly Strip _head;
    private readonly Grid<Decision> _grid;
    private readonly Sheet _detail;
    private readonly RowOrder<Decision> _order;
    private DecisionPage? _shown;
    private bool _isReordered;
    private long? _wanted;

    public DecisionBrowser(IDesk desk, DecisionPager pager, Func<IReadOnlyList<Piece>> about)
    {
        (_desk, _pager, _about) = (desk, pager, about);
        SetScheme(desk.Palette.Scheme);
        CanFocus = true;
        Width = Dim.Fill();
        Height = Dim.Fill();
        _head = new Strip(desk.Palette);
        GridColumn<Decision>[] columns = DecisionText.Columns(desk.Session.Time);
        _order = new RowOrder<Decision>(columns);
        _grid = new Grid<Decision>(desk.Palette, columns) { Y = 1, Height = Dim.Fill(DetailRows + 1) };
        Rule rule = new(desk.Palette) { Y = Pos.AnchorEnd(DetailRows + 1) };
        _detail = new Sheet(desk.Palette) { Y = Pos.AnchorEnd(DetailRows), Height = DetailRows, CanFocus = false };
        _grid.Chosen = ShowDetail;
        _grid.RanOver = direction => Step(direction);
        _grid.Opened = () =>
        {
            if (TryGet(out Decision decision))
            {
                Opened?.Invoke(decision);
            }
        };
        Add(_head, _grid, rule, _detail);
    }

    /// <summary>Enter or a double click.</summary>
    public Action<Decision>? Opened { get; set; }

    public bool TryGet(out Decision decision) => _grid.TryGet(out decision);

    /// <summary>Asks for older (1) or newer (-1) decisions.</summary>
    public void Step(int direction) => _pager.Step(direction);

    /// <summary>Sorts the page by its next column, turns its order round, or shows only rows of it with a text.</summary>
    public IReadOnlyList<Act> OrderActs =>
    [
        new Act('f', "Find", "Shows only rows of this page with a text in any column.", Find),
        new Act('>', "Sort", "Sorts this page by the next column; after the last one as the appliance gives it.", () => Reorder(_order.NextColumn)),
        new Act('<', "Reverse", "Turns the order of this page round.", () => Reorder(_order.Reverse)),
    ];

    /// <summary>Reads the page again, and chooses this decision if it is there.</summary>
    public void Show(Decision decision)
    {
        _wanted = decision.Id;
        _pager.Hurry();
    }

    public bool Beat(bool shown)
    {
        bool news = _pager.Tick(shown);
        if (_isReordered || !ReferenceEquals(_shown, _pager.Page))
        {
            _isReordered = false;
            bool first = _shown is null;
            long? wanted = _wanted ?? (_grid.TryGet(out Decision chosen) ? chosen.Id : null);
            _wanted = null;
            _shown = _pager.Page;
            IReadOnlyList<Decision> rows = _order.Apply(_shown?.Items ?? []);

            // A page that was read again keeps its choice on the decision, which may have moved.
            int same = _pager.Stepped == 0 && wanted is { } id ? rows.ToList().FindIndex(row => row.Id == id) : -1;
            _grid.Show(rows, same >= 0 ? same : _pager.Stepped < 0 ? rows.Count - 1 : _pager.Stepped > 0 || first ? 0 : _grid.Index);
            news = true;
        }

        _grid.Empty = _pager.Failure?.Sentence ?? (_shown is null ? "Reading…" : _pager.Filtered || _order.Contains.Length > 0 ? "Nothing fits the filter." : "Nothing is decided.");
        if (shown)
        {
            ShowHead();
            ShowDetail();
        }

        return news;
    }

    private void Reorder(Action change)
    {
        change();
        _isReordered = true;
    }

    private void Find() => TextQuestion.Ask(
        _desk, "Find in this page", "Contains", _order.Contains, "any part of a row; empty: all", "Find", wanted => Reorder(() => _order.Contains = wanted));

    private void ShowHead()
    {
        List<Piece> pieces = [];
        if (_shown is { } page)
        {
            int before = _pager.Number * DecisionPager.PageSize;
            string rows = page.Items.Count == 0 ? "none" : $"{Figures.Number(before + 1)} to {Figures.Number(before + page.Items.Count)}";
            pieces.Add(new Piece($" {rows}, page {_pager.Number + 1}{(page.NextCursor is null ? ", the last" : "")}"));
        }

        pieces.AddRange(_about());
        pieces.AddRange(_order.About);
        if (_pager.Failure is { } failure)
        {
            pieces.Add(new Piece($"  {failure.Sentence}", Tone.Bad));
        }
        else if (_pager.Busy)
        {
            pieces.Add(new Piece("  reading…", Tone.Dim));
        }

        _head.Show(pieces);
    }

    private void ShowDetail() =>
        _detail.Show(TryGet(out Decision decision) ? DecisionText.Detail(decision, _desk.Session.Time.GetUtcNow(), Math.Max(20, Viewport.Width)) : []);
}
