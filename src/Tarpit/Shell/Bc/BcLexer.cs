namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>Words of a bc program.</summary>
internal static class BcLexer
{
    private static readonly string[] s_operators = ["^=", "*=", "/=", "%=", "+=", "-=", "==", "<=", ">=", "!=", "&&", "||", "++", "--"];

    /// <summary>Kinds: number, name, text, operator, line and, last, end.</summary>
    public static List<(string Kind, string Text, int Line)> Read(string text)
    {
        List<(string Kind, string Text, int Line)> tokens = [];
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            int start = at;
            if (c == '\n')
            {
                tokens.Add(("line", "", line++));
                at++;
            }
            else if (c == '\\' && at + 1 < text.Length && text[at + 1] == '\n')
            {
                at += 2;
                line++;
            }
            else if (c is ' ' or '\t' or '\r')
            {
                at++;
            }
            else if (c == '#')
            {
                at = text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
            }
            else if (c == '/' && at + 1 < text.Length && text[at + 1] == '*')
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                end = end < 0 ? text.Length : end + 2;
                line += text.AsSpan(at, end - at).Count('\n');
                at = end;
            }
            else if (c == '"')
            {
                int end = text.IndexOf('"', at + 1);
                end = end < 0 ? text.Length : end;
                tokens.Add(("text", text[(at + 1)..end], line));
                line += text.AsSpan(at, end - at).Count('\n');
                at = Math.Min(text.Length, end + 1);
            }
            else if (char.IsAsciiDigit(c) || c is >= 'A' and <= 'F' || (c == '.' && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is >= 'A' and <= 'F')))
            {
                while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is (>= 'A' and <= 'F') or '.'))
                {
                    at++;
                }

                tokens.Add(("number", text[start..at], line));
            }
            else if (char.IsAsciiLetterLower(c))
            {
                while (at < text.Length && (char.IsAsciiLetterLower(text[at]) || char.IsAsciiDigit(text[at]) || text[at] == '_'))
                {
                    at++;
                }

                tokens.Add(("name", text[start..at], line));
            }
            else
            {
                string? found = Array.Find(s_operators, one => string.CompareOrdinal(text, start, one, 0, one.Length) == 0);
                at += found?.Length ?? 1;
                tokens.Add(("operator", found ?? c.ToString(), line));
            }
        }

        tokens.Add(("end", "", line));
        return tokens;
    }
}
