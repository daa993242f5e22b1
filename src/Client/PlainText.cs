using System.Globalization;
using System.Text;

namespace Blackwall.Client;

/// <summary>
/// Makes text from outside harmless for a terminal. An attacker writes part of what is shown (user names, requests, comments), so
/// nothing of it may move the cursor, change colours, or turn the reading direction (bidi controls are of category Cf).
/// </summary>
public static class PlainText
{
    /// <summary>Longer text is cut; the API's own limits lie below.</summary>
    public const int Longest = 4096;

    // More marks than any script stacks would run over the lines above and below.
    private const int MostMarks = 2;

    public static string Clean(string text)
    {
        StringBuilder plain = new(Math.Min(text.Length, Longest));
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (plain.Length >= Longest)
            {
                return plain.Append('…').ToString();
            }

            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            switch (category)
            {
                case UnicodeCategory.Control when rune.Value is '\n' or '\t':
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    plain.Append(' ');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    plain.Append('?');
                    break;
                case UnicodeCategory.SpaceSeparator:
                    plain.Append(' ');
                    break;
                default:
                    if (marks <= MostMarks)
                    {
                        plain.Append(rune.ToString());
                    }

                    break;
            }
        }

        return plain.ToString();
    }
}
