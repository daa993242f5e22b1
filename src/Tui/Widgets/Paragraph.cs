namespace Blackwall.Tui.Widgets;

/// <summary>Rows of text that is longer than the screen is wide.</summary>
internal static class Paragraph
{
    /// <param name="text">What to tell.</param>
    /// <param name="tone">How it looks.</param>
    /// <param name="width">Cells of the screen.</param>
    /// <param name="indent">Spaces before each row.</param>
    public static IEnumerable<IReadOnlyList<Piece>> Lines(string text, Tone tone, int width, int indent = 1) =>
        CellText.Wrap(text, width - indent - 1).Select(line => (IReadOnlyList<Piece>)[new Piece(new string(' ', indent) + line, tone)]);
}
