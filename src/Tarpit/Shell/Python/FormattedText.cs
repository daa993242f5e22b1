using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Reads the content of f"...": texts with values in braces between them.</summary>
internal static class FormattedText
{
    private const int MostNested = 4;

    public static IReadOnlyList<PythonNode> Read(string text, bool isRaw, Place place, int depth = 0)
    {
        if (depth > MostNested)
        {
            throw new PythonSyntaxException("f-string: expressions nested too deeply", place);
        }

        List<PythonNode> parts = [];
        StringBuilder plain = new();
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c is '{' or '}' && at + 1 < text.Length && text[at + 1] == c && depth == 0)
            {
                plain.Append(c);
                at++;
            }
            else if (c == '}')
            {
                throw new PythonSyntaxException("f-string: single '}' is not allowed", place);
            }
            else if (c == '{')
            {
                Flush();
                at = ReadValue(text, at + 1, place, depth, parts);
            }
            else if (c == '\\' && at + 1 < text.Length && !isRaw)
            {
                plain.Append(c).Append(text[++at]);
            }
            else
            {
                plain.Append(c);
            }
        }

        Flush();
        return parts;

        void Flush()
        {
            if (plain.Length > 0)
            {
                parts.Add(new Constant(isRaw ? plain.ToString() : PythonEscapes.Read(plain.ToString(), isBytes: false, place), place));
                plain.Clear();
            }
        }
    }

    // Returns where the closing brace is.
    private static int ReadValue(string text, int from, Place place, int depth, List<PythonNode> parts)
    {
        int end = End(text, from, place, isExpression: true);
        string code = text[from..end];
        string shown = "";
        if (code.TrimEnd().EndsWith('=') && !code.TrimEnd().EndsWith("==", StringComparison.Ordinal) && !code.TrimEnd().EndsWith("!=", StringComparison.Ordinal))
        {
            shown = code;
            code = code.TrimEnd()[..^1];
        }

        if (code.Trim().Length == 0)
        {
            throw new PythonSyntaxException("f-string: valid expression required before '}'", place);
        }

        TokenReader words = new(new PythonLexer("(" + code + ")").Read());
        PythonNode value = new PythonExpressions(words).ReadList();
        if (words.Now.Kind is not TokenKind.NewLine)
        {
            throw new PythonSyntaxException("f-string: invalid syntax", place);
        }

        char conversion = '\0';
        if (end < text.Length && text[end] == '!')
        {
            conversion = end + 1 < text.Length ? text[end + 1] : '\0';
            end += 2;
        }

        PythonNode? specification = null;
        if (end < text.Length && text[end] == ':')
        {
            int close = End(text, end + 1, place, isExpression: false);
            specification = new Formatted(Read(text[(end + 1)..close], isRaw: true, place, depth + 1), place);
            end = close;
        }

        if (end >= text.Length || text[end] != '}')
        {
            throw new PythonSyntaxException("f-string: expecting '}'", place);
        }

        parts.Add(new FormattedValue(value, shown.Length > 0 && conversion == '\0' && specification is null ? 'r' : conversion, specification, shown, place));
        return end;
    }

    // Where an expression, or a specification, ends: brackets and quotes within it are left alone.
    private static int End(string text, int at, Place place, bool isExpression)
    {
        int depth = 0;
        char quote = '\0';
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' && isExpression)
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (depth > 0)
            {
                depth -= c is ')' or ']' or '}' ? 1 : 0;
            }
            else if (c == '}' || (isExpression && ((c == '!' && at + 1 < text.Length && text[at + 1] != '=') || c == ':')))
            {
                return at;
            }
        }

        throw new PythonSyntaxException("f-string: expecting '}'", place);
    }
}
