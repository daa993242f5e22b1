using System.Globalization;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Brace expansion (bash(1)): {a,b{c,d}}, {1..5} and {a..e..2}. Bounded in words and depth.</summary>
internal static class BraceExpansion
{
    private const int MostWords = 65_536;
    private const int MostNested = 32;

    /// <summary>All words that a word becomes; one without braces is one word.</summary>
    public static IEnumerable<string> Expand(string word) => word.AsSpan().Count('{') is 0 or > MostNested ? [word] : All(word).Take(MostWords);

    private static List<string> All(string word)
    {
        for (int open = NextOpen(word, 0); open >= 0; open = NextOpen(word, open + 1))
        {
            (List<string>? items, int close) = Items(word, open);
            if (items is null)
            {
                continue;
            }

            List<string> rest = All(word[(close + 1)..]);
            return [.. items.SelectMany(item => rest.Select(behind => word[..open] + item + behind)).Take(MostWords)];
        }

        return [word];
    }

    /// <summary>What stands between braces, expanded; null: these braces are only braces.</summary>
    private static (List<string>? Items, int Close) Items(string word, int open)
    {
        int depth = 0, start = open + 1;
        List<string> parts = [];
        for (int at = open; at < word.Length; at = Behind(word, at))
        {
            char c = word[at];
            if (c == '{')
            {
                depth++;
            }
            else if (c == ',' && depth == 1)
            {
                parts.Add(word[start..at]);
                start = at + 1;
            }
            else if (c == '}' && --depth == 0)
            {
                if (parts.Count == 0)
                {
                    return (Range(word[(open + 1)..at]), at);
                }

                parts.Add(word[start..at]);
                return ([.. parts.SelectMany(All).Take(MostWords)], at);
            }
        }

        return (null, open);
    }

    private static int NextOpen(string word, int from)
    {
        for (int at = from; at < word.Length; at = Behind(word, at))
        {
            if (word[at] == '{')
            {
                return at;
            }
        }

        return -1;
    }

    // The place behind one character, one quoted piece, or one expansion.
    private static int Behind(string word, int at) => word[at] switch
    {
        '\\' => at + 2,
        '\'' => Math.Max(word.IndexOf('\'', at + 1), at) + 1,
        '"' => QuoteScanner.FindDoubleQuoteEnd(word, at) + 1,
        '`' => Math.Max(word.IndexOf('`', at + 1), at) + 1,
        '$' when at + 1 < word.Length && word[at + 1] is '{' or '(' => QuoteScanner.FindBracketEnd(word, at + 1) + 1,
        _ => at + 1,
    };

    private static List<string>? Range(string text)
    {
        string[] parts = text.Split("..");
        if (parts.Length is not (2 or 3) || (parts.Length == 3 && !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            return null;
        }

        long step = Math.Max(1, Math.Abs(parts.Length == 3 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 1L));
        bool areNumbers = TryNumber(parts[0], out long first) & TryNumber(parts[1], out long last);
        if (areNumbers && (Int128)last - first is var distance && (distance < 0 ? -distance : distance) / step >= int.MaxValue)
        {
            // More words than bash counts.
            return null;
        }

        if (!areNumbers)
        {
            if (parts[0].Length != 1 || parts[1].Length != 1 || !char.IsAsciiLetter(parts[0][0]) || !char.IsAsciiLetter(parts[1][0]))
            {
                return null;
            }

            (first, last) = (parts[0][0], parts[1][0]);
        }

        int width = areNumbers && (HasZero(parts[0]) || HasZero(parts[1])) ? Math.Max(parts[0].Length, parts[1].Length) : 0;
        List<string> made = [];
        for (long n = first; (first <= last ? n <= last : n >= last) && made.Count < MostWords; n = unchecked(n + (first <= last ? step : -step)))
        {
            if (made.Count > 0 && (first <= last ? n <= first : n >= first))
            {
                // Beyond the largest number.
                break;
            }

            made.Add(areNumbers ? n.ToString(width > 0 ? $"D{(n < 0 ? width - 1 : width)}" : "D", CultureInfo.InvariantCulture) : Letter((char)n));
        }

        return made;
    }

    // What would be a quote between letters stands for itself, but a backslash for nothing.
    private static string Letter(char letter) => letter switch { '`' => "\\`", '\\' => "''", _ => letter.ToString() };

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool HasZero(string text) => text.TrimStart('-') is ['0', _, ..];
}
