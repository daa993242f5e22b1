namespace Blackwall.Siem.Formats;

/// <summary>Text in formats that are lines: what would end or hide a line becomes a blank.</summary>
internal static class PlainText
{
    /// <summary>A control character, or one of the separators that some readers take for a line break, is a blank.</summary>
    public static char Printable(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter;

    /// <summary>At most so many characters, and no half of a surrogate pair.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }
}
