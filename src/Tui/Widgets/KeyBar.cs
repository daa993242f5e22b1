using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>A row of keys with what they do; a click does it as well.</summary>
internal sealed class KeyBar : Pane
{
    private IReadOnlyList<Act> _acts = [];
    private Act? _current;

    public KeyBar(Palette palette)
        : base(palette)
    {
        Width = Dim.Fill();
        Height = 1;
    }

    /// <param name="acts">From the left; what does not fit is only in the help.</param>
    /// <param name="current">Shown as chosen.</param>
    public void Show(IReadOnlyList<Act> acts, Act? current = null)
    {
        (_acts, _current) = (acts, current);
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        List<Piece> pieces = [];
        int x = 0;
        foreach (Act act in _acts)
        {
            int width = WidthOf(act);
            if (x + width > Viewport.Width)
            {
                break;
            }

            bool current = ReferenceEquals(act, _current);
            pieces.Add(new Piece($" {act.Name}", current ? Tone.Chosen : Tone.Strong));
            pieces.Add(new Piece($" {act.Label} ", current ? Tone.Chosen : Tone.Normal));
            x += width;
        }

        DrawRow(0, pieces);
        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (!mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) || mouse.Position is not { } at)
        {
            return false;
        }

        int x = 0;
        foreach (Act act in _acts)
        {
            int width = WidthOf(act);
            if (at.X >= x && at.X < x + width && x + width <= Viewport.Width)
            {
                act.Run();
                return true;
            }

            x += width;
        }

        return false;
    }

    private static int WidthOf(Act act) => CellText.Width(act.Name) + CellText.Width(act.Label) + 3;
}
