using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Splits texts by FS, and inputs by RS.</summary>
internal static class AwkSplit
{
    /// <summary>By a blank: runs of white space, none at the ends; by one letter; else by an expression.</summary>
    public static IEnumerable<string> Fields(string text, string separator)
    {
        if (separator is " ")
        {
            return text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        }

        if (text.Length == 0)
        {
            return [];
        }

        if (separator.Length == 0)
        {
            return text.Select(letter => letter.ToString());
        }

        return separator.Length == 1 && separator is not "\\" ? text.Split(separator) : ByPattern(text, AwkPatterns.Get(separator));
    }

    /// <summary>Records of an input: by one letter, by blank lines (""), or by an expression.</summary>
    public static IEnumerable<string> Records(string text, string separator)
    {
        if (separator.Length == 0)
        {
            text = text.Trim('\n');
            return text.Length == 0 ? [] : ByPattern(text, AwkPatterns.Get("\n\n+"));
        }

        if (text.Length == 0)
        {
            return [];
        }

        if (separator.Length == 1)
        {
            string[] parts = Text.Lines.Split(text, separator[0]);
            return parts[^1].Length == 0 || (parts[^1] is "\n" && separator is not "\n") ? parts[..^1] : parts;
        }

        List<string> found = ByPattern(text, AwkPatterns.Get(separator));
        return found[^1].Length == 0 ? found[..^1] : found;
    }

    private static List<string> ByPattern(string text, Regex? pattern)
    {
        List<string> parts = [];
        int at = 0;
        if (pattern is not null)
        {
            foreach (ValueMatch match in pattern.EnumerateMatches(text))
            {
                if (match.Length > 0)
                {
                    parts.Add(text[at..match.Index]);
                    at = match.Index + match.Length;
                }
            }
        }

        parts.Add(text[at..]);
        return parts;
    }
}
