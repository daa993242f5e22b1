using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>One row of text.</summary>
internal sealed class Strip : Pane
{
    private IReadOnlyList<Piece> _pieces = [];
    private Tone? _over;

    public Strip(Palette palette)
        : base(palette)
    {
        Width = Dim.Fill();
        Height = 1;
    }

    public void Show(IReadOnlyList<Piece> pieces, Tone? over = null)
    {
        (_pieces, _over) = (pieces, over);
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        DrawRow(0, _pieces, _over);
        return true;
    }
}
