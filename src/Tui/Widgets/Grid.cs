using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>Rows to choose from. It shows what it is given; whoever owns it brings more when the choice runs over an edge.</summary>
internal sealed class Grid<T> : Pane
{
    private readonly GridColumn<T>[] _columns;
    private int _top;
    private int _index;

    public Grid(Palette palette, params GridColumn<T>[] columns)
        : base(palette)
    {
        _columns = columns;
        CanFocus = true;
        Width = Dim.Fill();
        Height = Dim.Fill();
    }

    public IReadOnlyList<T> Rows { get; private set; } = [];

    /// <summary>What to say when there is no row.</summary>
    public string Empty { get; set; } = "";

    public int Index
    {
        get => _index;
        set
        {
            int index = Math.Clamp(value, 0, Math.Max(0, Rows.Count - 1));
            bool moved = index != _index;
            _index = index;
            SetNeedsDraw();
            if (moved)
            {
                Chosen?.Invoke();
            }
        }
    }

    /// <summary>The row under the choice.</summary>
    public bool TryGet(out T row)
    {
        row = Rows.Count > 0 ? Rows[_index] : default!;
        return Rows.Count > 0;
    }

    /// <summary>The choice moved.</summary>
    public Action? Chosen { get; set; }

    /// <summary>Enter or a double click.</summary>
    public Action? Opened { get; set; }

    /// <summary>The choice wants to go on before the first (-1) or after the last (1) row.</summary>
    public Action<int>? RanOver { get; set; }

    public void Show(IReadOnlyList<T> rows, int index)
    {
        Rows = rows;
        _index = Math.Clamp(index, 0, Math.Max(0, rows.Count - 1));
        SetNeedsDraw();
        Chosen?.Invoke();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        int height = Math.Max(1, Viewport.Height - 1);
        _top = Math.Clamp(_top, Math.Max(0, _index - height + 1), _index);
        _top = Math.Clamp(_top, 0, Math.Max(0, Rows.Count - height));
        int[] widths = Widths();
        DrawRow(0, [.. _columns.SelectMany((column, i) => Cell(column.Title, Tone.Heading, widths[i], i))]);
        for (int y = 0; y < height; y++)
        {
            int row = _top + y;
            if (row >= Rows.Count)
            {
                DrawRow(y + 1, y == 0 && Rows.Count == 0 ? [new Piece(Empty, Tone.Dim)] : []);
                continue;
            }

            IReadOnlyList<Piece> pieces = [.. _columns.SelectMany((column, i) => column.Cell(Rows[row]) is var cell ? Cell(cell.Text, cell.Tone, widths[i], i) : [])];
            DrawRow(y + 1, pieces, row != _index ? null : HasFocus ? Tone.Chosen : Tone.Marked);
        }

        return true;
    }

    protected override bool OnKeyDown(Key key)
    {
        if (key == Key.Enter && Rows.Count > 0)
        {
            Opened?.Invoke();
            return true;
        }

        if (Scrolling.Step(key, Viewport.Height - 1) is not { } step)
        {
            return false;
        }

        Move(step);
        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (Scrolling.Step(mouse) is not 0 and int step)
        {
            Move(step);
            return true;
        }

        int row = _top + (mouse.Position?.Y ?? 0) - 1;
        bool hits = row >= _top && row < Rows.Count;
        if (hits && mouse.Flags.HasFlag(MouseFlags.LeftButtonDoubleClicked))
        {
            Index = row;
            Opened?.Invoke();
            return true;
        }

        if (hits && mouse.Flags.HasFlag(MouseFlags.LeftButtonPressed))
        {
            SetFocus();
            Index = row;
        }

        return false;
    }

    private void Move(int step)
    {
        if ((step is < 0 and not Scrolling.ToStart && _index == 0) || (step is > 0 and not Scrolling.ToEnd && _index >= Rows.Count - 1))
        {
            RanOver?.Invoke(Math.Sign(step));
            return;
        }

        Index = Scrolling.Apply(step, _index, Rows.Count);
    }

    private int[] Widths() => GridLayout.Widths(
        [.. _columns.Select(column => column.Width)],
        [.. _columns.Select(column => column.Fold)],
        [.. _columns.Select(column => Rows.Skip(_top).Take(Viewport.Height).Select(row => CellText.Width(column.Cell(row).Text)).Append(CellText.Width(column.Title)).Max())],
        Viewport.Width);

    private static IEnumerable<Piece> Cell(string text, Tone tone, int width, int column) =>
        width == 0 ? [] : [new Piece(column == 0 ? "" : " "), new Piece(CellText.Fit(text, width), tone)];
}
