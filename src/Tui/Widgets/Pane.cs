using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>A view that draws pieces of text in the palette's tones.</summary>
internal abstract class Pane : View
{
    protected Pane(Palette palette)
    {
        Palette = palette;
        SetScheme(palette.Scheme);
    }

    protected Palette Palette { get; }

    /// <summary>Draws the pieces in one row and fills its rest with spaces.</summary>
    /// <param name="y">Row of the viewport.</param>
    /// <param name="pieces">From the left; what does not fit is cut.</param>
    /// <param name="over">In place of the pieces' own tones.</param>
    protected void DrawRow(int y, IReadOnlyList<Piece> pieces, Tone? over = null)
    {
        int x = 0;
        int width = Viewport.Width;
        foreach (Piece piece in pieces)
        {
            if (x >= width)
            {
                return;
            }

            int cells = Math.Min(CellText.Width(piece.Text), width - x);
            SetAttribute(Palette[over ?? piece.Tone]);
            AddStr(x, y, CellText.Fit(piece.Text, cells));
            x += cells;
        }

        if (x < width)
        {
            SetAttribute(Palette[over ?? Tone.Normal]);
            AddStr(x, y, new string(' ', width - x));
        }
    }
}
