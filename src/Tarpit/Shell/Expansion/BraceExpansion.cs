using System.Globalization;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Brace expansion (bash(1)): {a,b} and {1..5}. Bounded in words and depth.</summary>
internal static partial class BraceExpansion
{
    private const int MostWords = 4096;
    private const int MostNested = 32;

    /// <summary>All words that a word becomes; one without braces is one word.</summary>
    public static IEnumerable<string> Expand(string word)
    {
        // Each pair of braces is a level of iterators within one another.
        if (word.AsSpan().Count('{') > MostNested)
        {
            return [word];
        }

        Match range = RangeBrace().Match(word);
        if (range.Success)
        {
            return ExpandRange(range).Take(MostWords).SelectMany(value => Expand(word[..range.Index] + value + word[(range.Index + range.Length)..]));
        }

        Match list = ListBrace().Match(word);
        return list.Success && !word.Contains('\'', StringComparison.Ordinal) && !word.Contains('"', StringComparison.Ordinal)
            ? list.Groups["items"].Value.Split(',').SelectMany(item => Expand(word[..list.Index] + item + word[(list.Index + list.Length)..])).Take(MostWords)
            : [word];
    }

    private static IEnumerable<string> ExpandRange(Match range)
    {
        string from = range.Groups["from"].Value, to = range.Groups["to"].Value;
        if (!long.TryParse(from, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long first) || !long.TryParse(to, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long last))
        {
            (first, last) = (from[0], to[0]);
            for (long c = first; first <= last ? c <= last : c >= last; c += first <= last ? 1 : -1)
            {
                yield return ((char)c).ToString();
            }

            yield break;
        }

        int width = from.StartsWith('0') && from.Length > 1 ? from.Length : 0;
        for (long n = first; first <= last ? n <= last : n >= last; n += first <= last ? 1 : -1)
        {
            yield return n.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
        }
    }

    [GeneratedRegex(@"(?<![$\\'""{])\{(?<from>-?\d{1,9}|[a-zA-Z])\.\.(?<to>-?\d{1,9}|[a-zA-Z])\}", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex RangeBrace();

    [GeneratedRegex(@"(?<![$\\'""])\{(?<items>[^{}\s'""$`]*,[^{}\s'""$`]*)\}", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ListBrace();
}
