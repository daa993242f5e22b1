using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell;

/// <summary>Regular expressions of POSIX. They are matched in linear time; only those with references to groups go back. All for a bounded time.</summary>
internal static class Patterns
{
    private const int Longest = 4096;
    private const int MostKept = 64;
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("\\*+?|{}[]()^$.");
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);
    private static readonly ConcurrentDictionary<(string, RegexOptions), Regex?> s_kept = new();

    /// <summary>An extended expression; null: it is none, or too large.</summary>
    public static Regex? Compile(string pattern, bool ignoreCase) => Compile(pattern, isExtended: true, ignoreCase);

    /// <param name="isMultiline">"^" and "$" are also at the ends of lines (M of sed).</param>
    public static Regex? Compile(string pattern, bool isExtended, bool ignoreCase, bool isMultiline = false)
    {
        if (pattern.Length > Longest)
        {
            return null;
        }

        return RegexTranslator.Translate(pattern, isExtended, isMultiline) is { } translated ? Make(translated, (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None) | (isMultiline ? RegexOptions.Multiline : RegexOptions.None)) : null;
    }

    /// <summary>Perl's (grep -P) as far as .NET has it.</summary>
    public static Regex? CompilePerl(string pattern, bool ignoreCase)
    {
        // What stands before \K has to be there and is not part of the match.
        int keep = pattern.IndexOf("\\K", StringComparison.Ordinal);
        pattern = keep > 0 && pattern[keep - 1] != '\\' ? $"(?<={pattern[..keep]}){pattern[(keep + 2)..]}" : pattern;
        return pattern.Length > Longest ? null : Make(pattern, ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
    }

    /// <summary>A basic expression as an extended one.</summary>
    public static string FromBasic(string pattern) => RegexTranslator.ToExtended(pattern);

    private static Regex? Make(string expression, RegexOptions options)
    {
        options |= RegexOptions.CultureInvariant | RegexOptions.Singleline;
        if (s_kept.TryGetValue((expression, options), out Regex? kept))
        {
            return kept;
        }

        Regex? made = null;
        try
        {
            // A text is found in linear time in any case, and needs less memory so.
            bool isText = expression.AsSpan().IndexOfAny(Special) < 0;
            made = new Regex(expression, options | (isText ? RegexOptions.None : RegexOptions.NonBacktracking), Limit);
        }
        catch (NotSupportedException)
        {
            made = TryBacktracking(expression, options);
        }
        catch (ArgumentException)
        {
            // No expression.
        }

        if (s_kept.Count >= MostKept)
        {
            s_kept.Clear();
        }

        s_kept[(expression, options)] = made;
        return made;
    }

    private static Regex? TryBacktracking(string expression, RegexOptions options)
    {
        try
        {
            return new Regex(expression, options, Limit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
