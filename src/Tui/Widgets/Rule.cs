using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>A line between two parts of a page.</summary>
internal sealed class Rule : Pane
{
    public Rule(Palette palette)
        : base(palette)
    {
        Width = Dim.Fill();
        Height = 1;
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        DrawRow(0, [new Piece(new string('─', Viewport.Width), Tone.Dim)]);
        return true;
    }
}
