using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>A row of keys with what they do; a click does it as well.</summary>
internal sealed class KeyBar : Pane
{
    private IReadOnlyList<Act> _acts = [];
    private Act? _current;
    private int _last;
    private readonly HashSet<Act> _bare = [];

    public KeyBar(Palette palette)
        : base(palette)
    {
        Width = Dim.Fill();
        Height = 1;
    }

    /// <param name="acts">From the left; what does not fit is only in the help.</param>
    /// <param name="current">Shown as chosen.</param>
    /// <param name="last">How many at the end always fit.</param>
    public void Show(IReadOnlyList<Act> acts, Act? current = null, int last = 0)
    {
        (_acts, _current, _last) = (acts, current, last);
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        List<Piece> pieces = [];
        foreach (Act act in Shown())
        {
            bool current = ReferenceEquals(act, _current);
            pieces.Add(new Piece($" {act.Name}", current ? Tone.Chosen : Tone.Strong));
            if (!_bare.Contains(act))
            {
                pieces.Add(new Piece($" {act.Label} ", current ? Tone.Chosen : Tone.Normal));
            }
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
        foreach (Act act in Shown())
        {
            int width = WidthOf(act);
            if (at.X >= x && at.X < x + width)
            {
                act.Run();
                return true;
            }

            x += width;
        }

        return false;
    }

    private IEnumerable<Act> Shown()
    {
        ChooseBare();
        IEnumerable<Act> last = _acts.TakeLast(_last);
        int room = Viewport.Width - last.Sum(WidthOf);
        return _acts.SkipLast(_last).TakeWhile(act => (room -= WidthOf(act)) >= 0).Concat(last);
    }

    // Where a choice among a few does not fit, the last ones are their keys alone.
    private void ChooseBare()
    {
        _bare.Clear();
        if (_current is null)
        {
            return;
        }

        int over = _acts.Sum(WidthOf) - Viewport.Width;
        foreach (Act act in _acts.Reverse().Where(act => !ReferenceEquals(act, _current)).TakeWhile(_ => over > 0))
        {
            over -= WidthOf(act);
            _bare.Add(act);
            over += WidthOf(act);
        }
    }

    private int WidthOf(Act act) => CellText.Width(act.Name) + (_bare.Contains(act) ? 1 : CellText.Width(act.Label) + 3);
}
