using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell;

/// <summary>Regular expressions of POSIX, as far as they can be matched in linear time.</summary>
internal static class Patterns
{
    private const int Longest = 2048;

    /// <summary>An extended expression; null: it is none, or too large.</summary>
    public static Regex? Compile(string pattern, bool ignoreCase)
    {
        if (pattern.Length > Longest)
        {
            return null;
        }

        try
        {
            RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Regex(Classes(pattern), options, TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A basic expression as an extended one: the backslashes before ( ) { } | + ? change their meaning.</summary>
    public static string FromBasic(string pattern)
    {
        StringBuilder extended = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                char next = pattern[++i];
                _ = next is '(' or ')' or '{' or '}' or '|' or '+' or '?' ? extended.Append(next) : extended.Append('\\').Append(next);
            }
            else if (c is '(' or ')' or '{' or '}' or '|' or '+' or '?')
            {
                extended.Append('\\').Append(c);
            }
            else
            {
                _ = c == '*' && (i == 0 || (i == 1 && pattern[0] == '^')) ? extended.Append("\\*") : extended.Append(c);
            }
        }

        return extended.ToString();
    }

    private static string Classes(string pattern) => pattern
        .Replace("[:alpha:]", "a-zA-Z", StringComparison.Ordinal)
        .Replace("[:digit:]", "0-9", StringComparison.Ordinal)
        .Replace("[:alnum:]", "a-zA-Z0-9", StringComparison.Ordinal)
        .Replace("[:space:]", "\\s", StringComparison.Ordinal)
        .Replace("[:upper:]", "A-Z", StringComparison.Ordinal)
        .Replace("[:lower:]", "a-z", StringComparison.Ordinal)
        .Replace("[:blank:]", " \\t", StringComparison.Ordinal)
        .Replace("[:xdigit:]", "0-9a-fA-F", StringComparison.Ordinal)
        .Replace("[:punct:]", "!-/:-@\\[-`{-~", StringComparison.Ordinal);
}
