using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>One of a few words, changed by left, right, space or a click.</summary>
internal sealed class Choice : Pane
{
    private readonly IReadOnlyList<string> _words;
    private int _index;

    public Choice(Palette palette, IReadOnlyList<string> words, string chosen)
        : base(palette)
    {
        _words = words;
        _index = Math.Max(0, words.ToList().IndexOf(chosen));
        CanFocus = true;
        Height = 1;
    }

    public string Word => _words[_index];

    protected override bool OnDrawingContent(DrawContext? context)
    {
        DrawRow(0, [new Piece($"◂ {Word} ▸", HasFocus ? Tone.Chosen : Tone.Strong)]);
        return true;
    }

    protected override bool OnKeyDown(Key key)
    {
        int step = key == Key.CursorLeft ? -1 : key == Key.CursorRight || key == Key.Space ? 1 : 0;
        Move(step);
        return step != 0;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked))
        {
            SetFocus();
            Move(mouse.Position?.X == 0 ? -1 : 1);
            return true;
        }

        return false;
    }

    private void Move(int step)
    {
        if (step != 0)
        {
            _index = (_index + step + _words.Count) % _words.Count;
            SetNeedsDraw();
        }
    }
}
