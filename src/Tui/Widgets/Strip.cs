using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>A row of text, or a sentence over as many rows as it has room for.</summary>
internal sealed class Strip : Pane
{
    private IReadOnlyList<IReadOnlyList<Piece>> _rows = [];

    public Strip(Palette palette)
        : base(palette)
    {
        Width = Dim.Fill();
        Height = 1;
    }

    public void Show(IReadOnlyList<Piece> pieces) => ShowRows([pieces]);

    public void ShowRows(IReadOnlyList<IReadOnlyList<Piece>> rows)
    {
        _rows = rows;
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        for (int y = 0; y < Viewport.Height; y++)
        {
            DrawRow(y, y < _rows.Count ? _rows[y] : []);
        }

        return true;
    }
}
