using System.Globalization;
using System.Text;

namespace Blackwall.Events;

/// <summary>Makes a value fit for one line of a log: part of it may have been written by an attacker. Pure.</summary>
internal static class OneLine
{
    /// <summary>Characters of one entry; what is longer is cut.</summary>
    public const int Longest = 8192;

    /// <summary>The text with every character that could begin a line, move a cursor or turn the reading direction written as \u{hex}.</summary>
    public static string Clean(string text)
    {
        if (text.Length <= Longest && !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || IsHarmful(rune)))
        {
            return text;
        }

        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest)
            {
                return clean.Append('\u2026').ToString();
            }

            if (IsHarmful(rune))
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>Text between double quotes of a line: what is in it cannot end the quotes.</summary>
    public static string Quote(string text) => $"\"{Clean(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
