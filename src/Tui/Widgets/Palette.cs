using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace Blackwall.Tui.Widgets;

/// <summary>How tones look. The background is the terminal's own; without colours, bold and reverse say the same.</summary>
internal sealed class Palette(bool colour)
{
    public Attribute this[Tone tone] => tone switch
    {
        Tone.Dim => colour ? Of(ColorName16.DarkGray) : Of(TextStyle.Faint),
        Tone.Strong => Of(TextStyle.Bold),
        Tone.Heading => colour ? Of(ColorName16.BrightCyan, TextStyle.Bold) : Of(TextStyle.Bold | TextStyle.Underline),
        Tone.Good => colour ? Of(ColorName16.Green) : Of(TextStyle.None),
        Tone.Warning => colour ? Of(ColorName16.BrightYellow, TextStyle.Bold) : Of(TextStyle.Bold),
        Tone.Bad => colour ? Of(ColorName16.BrightRed, TextStyle.Bold) : Of(TextStyle.Bold | TextStyle.Reverse),
        Tone.Chosen => Of(TextStyle.Reverse),
        Tone.Marked => Of(TextStyle.Bold),
        _ => Of(TextStyle.None),
    };

    /// <summary>For the toolkit's own views.</summary>
    public Scheme Scheme => new(this[Tone.Normal])
    {
        Focus = this[Tone.Chosen],
        HotNormal = this[Tone.Normal],
        HotFocus = this[Tone.Chosen],
        Active = this[Tone.Chosen],
        Highlight = this[Tone.Chosen],
        Editable = Of(TextStyle.Underline),
        ReadOnly = this[Tone.Normal],
        Disabled = this[Tone.Normal],
    };

    private static Attribute Of(TextStyle style) => new(Color.None, Color.None, style);

    private static Attribute Of(ColorName16 colour, TextStyle style = TextStyle.None) => new(new Color(colour), Color.None, style);
}
