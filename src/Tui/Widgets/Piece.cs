namespace Blackwall.Tui.Widgets;

/// <summary>Text of one tone.</summary>
internal readonly record struct Piece(string Text, Tone Tone = Tone.Normal)
{
    public static implicit operator Piece(string text) => new(text);

    public static Piece From(string text) => new(text);
}
