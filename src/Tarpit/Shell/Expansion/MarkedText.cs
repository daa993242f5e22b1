using System.Text;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>
/// Text under expansion. Words are Latin-1, so higher bits are free to mark characters that were quoted (splitting and patterns leave them alone),
/// ends of fields, and quotes around nothing.
/// </summary>
internal static class MarkedText
{
    /// <summary>Where an unquoted expansion is split.</summary>
    public const char Separator = (char)0x2000;

    /// <summary>Quotes around nothing: the field exists though it is empty.</summary>
    public const char Empty = (char)0x8000;

    private const char Quoted = (char)0x4000;

    public static char Quote(char c) => (char)(c | Quoted);

    /// <summary>Appends text that was quoted.</summary>
    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            text.Append(Empty);
        }

        foreach (char c in value)
        {
            text.Append(c is Separator or Empty ? c : Quote(c));
        }
    }

    /// <summary>Appends the result of an expansion.</summary>
    /// <param name="separators">Characters at which an unquoted result is split (IFS); empty: it is not split.</param>
    public static void AppendResult(StringBuilder text, string value, bool inQuotes, string separators)
    {
        if (inQuotes)
        {
            AppendQuoted(text, value);
            return;
        }

        foreach (char c in value)
        {
            text.Append(separators.Contains(c, StringComparison.Ordinal) ? Separator : c);
        }
    }

    /// <summary>The text without marks.</summary>
    public static string ToPlain(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            if (c is not (Empty or Separator))
            {
                plain.Append((char)(c & 0xFF));
            }
        }

        return plain.ToString();
    }

    /// <summary>The text as a pattern: a quoted special character has a backslash before it.</summary>
    public static string ToPattern(string text)
    {
        StringBuilder pattern = new(text.Length);
        foreach (char c in text)
        {
            if (c is Empty or Separator)
            {
                continue;
            }

            if ((c & Quoted) != 0 && (char)(c & 0xFF) is '*' or '?' or '[' or ']' or '\\')
            {
                pattern.Append('\\');
            }

            pattern.Append((char)(c & 0xFF));
        }

        return pattern.ToString();
    }
}
