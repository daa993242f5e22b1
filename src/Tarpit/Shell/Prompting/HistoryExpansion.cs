using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>What "!" stands for in a line that was typed (bash(1), HISTORY EXPANSION): an event, words of it, and changes to them.</summary>
internal sealed class HistoryExpansion(CommandHistory history)
{
    private const int LongestLine = 64 * 1024;

    private readonly HistoryModifiers _modifiers = new();
    private string _sought = "";
    private string _matched = "";

    /// <summary>How a line became another one.</summary>
    /// <param name="Text">The line, or what is wrong with it.</param>
    /// <param name="IsPrinted">It is shown and kept, but does not run (:p).</param>
    public readonly record struct Result(string Text, bool IsChanged = false, bool IsPrinted = false, bool IsError = false);

    /// <param name="quote">The quotation mark that an earlier line opened; 0: none.</param>
    /// <param name="characters">histchars.</param>
    /// <param name="hasPatternLists">"!(" begins a pattern (extglob).</param>
    public Result Expand(string line, char quote, string characters, bool hasPatternLists)
    {
        char mark = characters.Length > 0 ? characters[0] : '!', quick = characters.Length > 1 ? characters[1] : '^', comment = characters.Length > 2 ? characters[2] : '#';
        try
        {
            if (quote == '\0' && line.Length > 1 && line[0] == quick)
            {
                line = $"{mark}{mark}:s{line}";
            }

            return ExpandMarks(line, quote, mark, comment, hasPatternLists);
        }
        catch (FormatException e)
        {
            return new Result(e.Message, IsError: true);
        }
    }

    /// <summary>The quotation mark that is open behind a text; 0: none.</summary>
    public static char OpenQuote(string text)
    {
        char quote = '\0';
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\\' && quote != '\'')
            {
                at++;
            }
            else if (c is '"' or '\'')
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
        }

        return quote;
    }

    private Result ExpandMarks(string line, char quote, char mark, char comment, bool hasPatternLists)
    {
        if (!line.Contains(mark, StringComparison.Ordinal))
        {
            return new Result(line);
        }

        StringBuilder text = new();
        bool isChanged = false, isPrinted = false;
        for (int at = 0; at < line.Length; at++)
        {
            char c = line[at];
            if (c == mark && quote != '\'' && !IsPlain(line, at, quote, hasPatternLists))
            {
                Reader reader = new(line, at + 1);
                text.Append(ReadReference(reader, text.ToString(), quote == '"', mark, ref isPrinted));
                isChanged = true;
                at = reader.At - 1;
                if (text.Length > LongestLine)
                {
                    throw new FormatException("history expansion: line too long");
                }

                continue;
            }

            if (c == comment && quote == '\0' && (at == 0 || line[at - 1] is ' ' or '\t'))
            {
                text.Append(line, at, line.Length - at);
                break;
            }

            text.Append(c);
            if (c == '\\' && quote != '\'' && at + 1 < line.Length)
            {
                text.Append(line[++at]);
            }
            else if (c is '"' or '\'')
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
        }

        return new Result(text.ToString(), isChanged, isPrinted);
    }

    // Where the mark is an ordinary character.
    private static bool IsPlain(string line, int at, char quote, bool hasPatternLists)
    {
        char next = at + 1 < line.Length ? line[at + 1] : '\n', before = at > 0 ? line[at - 1] : '\0';
        return next is ' ' or '\t' or '\n' or '\r' or '=' || (next == '(' && hasPatternLists) || (next == '"' && quote == '"')
            || (before == '[' && line.IndexOf(']', at) >= 0) || (before == '{' && at > 1 && line[at - 2] == '$') || before == '$';
    }

    private string ReadReference(Reader reader, string before, bool isQuoted, char mark, ref bool isPrinted)
    {
        int start = reader.At;
        string? line = ReadEvent(reader, before, isQuoted, mark);
        if (line is null)
        {
            throw new FormatException($"{mark}{reader.Text[start..reader.At]}: event not found");
        }

        string words = ReadWords(reader, line);
        return _modifiers.Apply(reader, words, _sought, ref isPrinted);
    }

    private string? ReadEvent(Reader reader, string before, bool isQuoted, char mark)
    {
        char c = reader.Peek;
        if (c == mark)
        {
            reader.At++;
            return history.Count > 0 ? history[^1] : null;
        }

        if (c == '#')
        {
            reader.At++;
            return before;
        }

        if (c is '^' or '$' or '*' or '%' or ':' || (c == '-' && !char.IsAsciiDigit(reader.After)))
        {
            return history.Count > 0 ? history[^1] : null;
        }

        if (c == '-' || char.IsAsciiDigit(c))
        {
            reader.At += c == '-' ? 1 : 0;
            int number = reader.Number();
            int index = c == '-' ? history.Count - number : number - history.First;
            return index >= 0 && index < history.Count ? history[index] : null;
        }

        if (c == '?')
        {
            reader.At++;
            string sought = reader.Until(static letter => letter is '?' or '\n');
            reader.At += reader.Peek == '?' ? 1 : 0;
            _sought = sought.Length > 0 ? sought : _sought;
            string? found = _sought.Length == 0 ? null : history.LastOrDefault(line => line.Contains(_sought, StringComparison.Ordinal));
            _matched = found is null ? "" : HistoryWords.Of(found).Find(word => word.Contains(_sought, StringComparison.Ordinal)) ?? "";
            return found;
        }

        string start = reader.Until(letter => letter is ' ' or '\t' or '\n' or ':' or ';' or '&' or '(' or ')' or '|' or '<' or '>' || (letter is '^' or '$' or '*' or '%') || (isQuoted && letter == '"'));
        return start.Length == 0 ? null : history.LastOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
    }

    private string ReadWords(Reader reader, string line)
    {
        int start = reader.At;
        bool hasColon = reader.Peek == ':';
        char c = hasColon ? reader.After : reader.Peek;
        if (!(c is '^' or '$' or '*' or '%' or '-' || (hasColon && char.IsAsciiDigit(c))))
        {
            return line;
        }

        reader.At += hasColon ? 1 : 0;
        List<string> words = HistoryWords.Of(line);
        int last = words.Count - 1, from, to;
        switch (c)
        {
            case '%':
                reader.At++;
                return _matched;
            case '*':
                reader.At++;
                return string.Join(' ', words.Skip(1));
            case '$':
                reader.At++;
                (from, to) = (last, last);
                break;
            case '-':
                from = to = 0;
                break;
            default:
                from = c == '^' ? 1 : reader.Number();
                reader.At += c == '^' ? 1 : 0;
                to = from;
                break;
        }

        if (reader.Peek == '-' && c != '$')
        {
            reader.At++;
            to = reader.Peek == '$' ? last : reader.Peek == '^' ? 1 : char.IsAsciiDigit(reader.Peek) ? reader.Number() : last - 1;
            reader.At += reader.Text[reader.At - 1] == '-' && reader.Peek is '$' or '^' ? 1 : 0;
        }
        else if (reader.Peek == '*' && c != '$')
        {
            reader.At++;
            to = last;
        }

        return from >= 0 && from <= last && to <= last && to >= from - 1
            ? string.Join(' ', words.Skip(from).Take(to - from + 1))
            : throw new FormatException($"{reader.Text[start..reader.At]}: bad word specifier");
    }

    /// <summary>A place in a line.</summary>
    internal sealed class Reader(string text, int at)
    {
        public string Text => text;

        public int At { get; set; } = at;

        public char Peek => At < text.Length ? text[At] : '\n';

        public char After => At + 1 < text.Length ? text[At + 1] : '\n';

        public int Number()
        {
            string digits = Until(static c => !char.IsAsciiDigit(c));
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue / 2;
        }

        public string Until(Func<char, bool> ends)
        {
            int start = At;
            while (At < text.Length && !ends(text[At]))
            {
                At++;
            }

            return text[start..At];
        }
    }
}
