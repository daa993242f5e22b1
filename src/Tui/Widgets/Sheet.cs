using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>Text that is read: scrolls by keyboard and wheel.</summary>
internal sealed class Sheet : Pane
{
    private IReadOnlyList<IReadOnlyList<Piece>> _rows = [];
    private int _top;

    public Sheet(Palette palette)
        : base(palette)
    {
        CanFocus = true;
        Width = Dim.Fill();
        Height = Dim.Fill();
    }

    /// <summary>First row shown.</summary>
    public int Top
    {
        get => _top;
        set
        {
            _top = Math.Clamp(value, 0, Math.Max(0, _rows.Count - Viewport.Height));
            SetNeedsDraw();
        }
    }

    /// <summary>The last row is shown.</summary>
    public bool IsAtEnd => _top >= _rows.Count - Viewport.Height;

    public void Show(IReadOnlyList<IReadOnlyList<Piece>> rows)
    {
        _rows = rows;
        Top = _top;
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        _top = Math.Clamp(_top, 0, Math.Max(0, _rows.Count - Viewport.Height));
        for (int y = 0; y < Viewport.Height; y++)
        {
            DrawRow(y, _top + y < _rows.Count ? _rows[_top + y] : []);
        }

        return true;
    }

    protected override bool OnKeyDown(Key key)
    {
        int? top = Scrolling.Step(key, Viewport.Height) is { } step ? Scrolling.Apply(step, _top, _rows.Count) : null;
        if (top is not { } wanted)
        {
            return false;
        }

        Top = wanted;
        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        int step = Scrolling.Step(mouse);
        Top += step;
        return step != 0;
    }
}
