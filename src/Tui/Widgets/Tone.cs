namespace Blackwall.Tui.Widgets;

/// <summary>What a piece of text means; the palette says how that looks.</summary>
internal enum Tone
{
    Normal,
    Dim,
    Strong,
    Heading,
    Good,
    Warning,
    Bad,
    Chosen,

    /// <summary>Chosen, in a list that does not have the keyboard.</summary>
    Marked,
}
