using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace Blackwall.Tui.Widgets;

/// <summary>How tones look. The background is the terminal's own; without colours, bold and reverse say the same.</summary>
internal sealed class Palette(bool colour)
{
    public Attribute this[Tone tone] => tone switch
    {
        Tone.Dim => colour ? Style(ColorName16.DarkGray) : Style(TextStyle.Faint),
        Tone.Strong => Style(TextStyle.Bold),
        Tone.Heading => colour ? Style(ColorName16.BrightCyan, TextStyle.Bold) : Style(TextStyle.Bold | TextStyle.Underline),
        Tone.Good => colour ? Style(ColorName16.Green) : Style(TextStyle.None),
        Tone.Warning => colour ? Style(ColorName16.BrightYellow, TextStyle.Bold) : Style(TextStyle.Bold),
        Tone.Bad => colour ? Style(ColorName16.BrightRed, TextStyle.Bold) : Style(TextStyle.Bold | TextStyle.Reverse),
        Tone.Chosen => Style(TextStyle.Reverse),
        Tone.Marked => Style(TextStyle.Bold),
        _ => Style(TextStyle.None),
    };

    /// <summary>For the toolkit's own views.</summary>
    public Scheme Scheme => new(this[Tone.Normal])
    {
        Focus = this[Tone.Chosen],
        HotNormal = this[Tone.Normal],
        HotFocus = this[Tone.Chosen],
        Active = this[Tone.Chosen],
        Highlight = this[Tone.Chosen],
        Editable = Style(TextStyle.Underline),
        ReadOnly = this[Tone.Normal],
        Disabled = this[Tone.Normal],
    };

    private static Attribute Style(TextStyle style) => new(Color.None, Color.None, style);

    private static Attribute Style(ColorName16 colour, TextStyle style = TextStyle.None) => new(new Color(colour), Color.None, style);
}
