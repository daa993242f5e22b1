using System.Text;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>
/// Text under expansion. Words are bytes, so higher bits are free to mark characters: those that were quoted (splitting and patterns leave them
/// alone), those that may be split at, ends of fields, and quotes around nothing.
/// </summary>
internal static class MarkedText
{
    /// <summary>Between two fields, whatever IFS is: arguments of "$@".</summary>
    public const char Separator = (char)0x2000;

    /// <summary>Quotes around nothing: the field exists though it is empty.</summary>
    public const char Empty = (char)0x8000;

    private const char Quoted = (char)0x4000;
    private const char Splits = (char)0x1000;

    /// <summary>Appends text with its marks.</summary>
    /// <param name="splits">What came from an expansion that is not quoted.</param>
    public static void Append(StringBuilder text, ReadOnlySpan<char> value, bool isQuoted, bool splits)
    {
        char mark = isQuoted ? Quoted : splits ? Splits : '\0';
        foreach (char c in value)
        {
            text.Append((char)(c | mark));
        }
    }

    /// <summary>The text without marks.</summary>
    public static string ToPlain(ReadOnlySpan<char> text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            if (c is not Empty)
            {
                plain.Append(c == Separator ? ' ' : (char)(c & 0xFF));
            }
        }

        return plain.ToString();
    }

    /// <summary>The text as a pattern: a quoted special character has a backslash before it.</summary>
    public static string ToPattern(ReadOnlySpan<char> text)
    {
        StringBuilder pattern = new(text.Length);
        foreach (char c in text)
        {
            if (c is Empty)
            {
                continue;
            }

            char plain = c == Separator ? ' ' : (char)(c & 0xFF);
            if ((c & Quoted) != 0 && plain is '*' or '?' or '[' or ']' or '\\' or '(' or ')' or '|' or '!' or '@' or '+' or '-' or '^' && (c & Quoted) != 0)
            {
                pattern.Append('\\');
            }

            pattern.Append(plain);
        }

        return pattern.ToString();
    }

    /// <summary>The text as a regular expression: nothing that was quoted is special.</summary>
    public static string ToRegex(ReadOnlySpan<char> text)
    {
        StringBuilder pattern = new(text.Length);
        bool isSet = false;
        int first = 0;
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c is Empty or Separator)
            {
                continue;
            }

            char plain = (char)(c & 0xFF);
            if (isSet)
            {
                // Nothing needs a backslash here.
                isSet = c != ']' || pattern.Length == first || (pattern.Length == first + 1 && pattern[^1] == '^');
                pattern.Append(plain);
                continue;
            }

            if (c == '[')
            {
                (isSet, first) = (HasEnd(text[(at + 1)..]), pattern.Length + 1);
            }

            if ((c & Quoted) != 0 && plain is '.' or '*' or '?' or '[' or ']' or '\\' or '(' or ')' or '|' or '+' or '^' or '$' or '{' or '}' && (c & Quoted) != 0)
            {
                pattern.Append('\\');
            }

            pattern.Append(plain);
        }

        return pattern.ToString();
    }

    private static bool HasEnd(ReadOnlySpan<char> text) => text.Contains(']') || text.Contains((char)(']' | Quoted));

    /// <summary>Fields, split at IFS where that is allowed (bash(1), Word Splitting).</summary>
    public static List<string> Split(string text, string separators, int most)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool isBegun = false, isBehindBlank = false;
        foreach (char c in text)
        {
            if (fields.Count >= most)
            {
                return fields;
            }

            if (c == Separator)
            {
                if (isBegun)
                {
                    fields.Add(field.ToString());
                }

                field.Clear();
                (isBegun, isBehindBlank) = (false, false);
                continue;
            }

            char plain = (char)(c & 0xFF);
            if ((c & Splits) == 0 || !separators.Contains(plain, StringComparison.Ordinal))
            {
                field.Append(c);
                (isBegun, isBehindBlank) = (true, false);
            }
            else if (plain is ' ' or '\t' or '\n')
            {
                if (isBegun)
                {
                    fields.Add(field.ToString());
                    field.Clear();
                    (isBegun, isBehindBlank) = (false, true);
                }
            }
            else if (isBehindBlank)
            {
                // Blanks around it belong to one separator.
                isBehindBlank = false;
            }
            else
            {
                fields.Add(field.ToString());
                field.Clear();
                isBegun = false;
            }
        }

        if (isBegun)
        {
            fields.Add(field.ToString());
        }

        return fields;
    }

    /// <summary>Whether anything that is not quoted could be a pattern.</summary>
    public static bool MayBePattern(string text)
    {
        foreach (char c in text)
        {
            if ((c & Quoted) == 0 && (char)(c & 0xFF) is '*' or '?' or '[' or '(' && (c & Quoted) == 0)
            {
                return true;
            }
        }

        return false;
    }
}
