namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>Words of a line as history expansion counts them: quotes keep blanks, operators are words of their own.</summary>
internal static class HistoryWords
{
    private const string Operators = "<>;&|()";

    public static List<string> Of(string line)
    {
        List<string> words = [];
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t' or '\n')
            {
                at++;
            }

            if (at >= line.Length)
            {
                return words;
            }

            int end = End(line, at);
            words.Add(line[at..end]);
            at = end;
        }
    }

    private static int End(string line, int at)
    {
        if (Operators.Contains(line[at], StringComparison.Ordinal) && !(line[at] is '<' or '>' && at + 1 < line.Length && line[at + 1] == '('))
        {
            bool isPair = at + 1 < line.Length && line[at] is not ('(' or ')') && (line[at + 1] == line[at] || (line[at + 1] == '&' && line[at] is '<' or '>') || (line[at + 1] == '>' && line[at] is '&' or '<') || (line[at + 1] == '|' && line[at] == '>'));
            return at + (isPair ? 2 : 1);
        }

        char quote = '\0';
        int depth = 0;
        for (; at < line.Length; at++)
        {
            char c = line[at];
            if (c == '\\' && quote != '\'')
            {
                at = Math.Min(at + 1, line.Length - 1);
            }
            else if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' or '`')
            {
                quote = c;
            }
            else if (c is '$' or '<' or '>' && at + 1 < line.Length && line[at + 1] == '(')
            {
                depth++;
                at++;
            }
            else if (depth > 0)
            {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
            else if (c is ' ' or '\t' or '\n' || Operators.Contains(c, StringComparison.Ordinal))
            {
                return at;
            }
        }

        return line.Length;
    }
}
