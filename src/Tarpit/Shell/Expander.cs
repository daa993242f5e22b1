using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Expansion of words (bash(1), EXPANSION): braces, tilde, parameters, substitution, arithmetic, splitting, globs, quotes. Bounded.</summary>
internal sealed partial class Expander(ShellState state, Func<string, CancellationToken, ValueTask<string>> substitute)
{
    private const int MostWords = 20_000;
    private const int LongestWord = 512 * 1024;

    // A character that was quoted is marked, so that splitting and globs leave it alone: words are Latin-1, so these are free.
    private const char Quoted = (char)0x4000;

    // Stands where quotes were around nothing.
    private const char Nothing = (char)0x8000;

    /// <summary>All words that these words become.</summary>
    public async ValueTask<List<string>> WordsAsync(IEnumerable<string> words, CancellationToken cancellation)
    {
        List<string> expanded = [];
        foreach (string word in words)
        {
            foreach (string braced in Braces(word))
            {
                foreach (string field in await FieldsAsync(braced, cancellation))
                {
                    if (expanded.Count >= MostWords)
                    {
                        return expanded;
                    }

                    expanded.Add(field);
                }
            }
        }

        return expanded;
    }

    /// <summary>One word without splitting and globs: of an assignment, a redirection, a case.</summary>
    public async ValueTask<string> TextAsync(string word, CancellationToken cancellation)
    {
        StringBuilder text = new();
        await PieceAsync(Tilde(word), text, inQuotes: false, isSplit: false, cancellation);
        return Plain(text.ToString());
    }

    /// <summary>A pattern: what was quoted in it is not special.</summary>
    public async ValueTask<string> PatternAsync(string word, CancellationToken cancellation)
    {
        StringBuilder text = new();
        await PieceAsync(Tilde(word), text, inQuotes: false, isSplit: false, cancellation);
        return Escaped(text.ToString());
    }

    /// <summary>The text of a here-document.</summary>
    public async ValueTask<string> DocumentAsync(string document, CancellationToken cancellation)
    {
        StringBuilder text = new();
        await PieceAsync(document, text, inQuotes: true, isSplit: false, cancellation);
        return Plain(text.ToString());
    }

    private async ValueTask<List<string>> FieldsAsync(string word, CancellationToken cancellation)
    {
        StringBuilder text = new();
        await PieceAsync(Tilde(word), text, inQuotes: false, isSplit: true, cancellation);
        List<string> fields = [];
        foreach (string field in text.ToString().Split(Separator))
        {
            if (field.Length == 0)
            {
                continue;
            }

            if (field.AsSpan().IndexOfAny('*', '?', '[') >= 0 && Globs.Expand(Escaped(field), state) is { Count: > 0 } found)
            {
                fields.AddRange(found.Take(MostWords));
            }
            else
            {
                fields.Add(Plain(field));
            }
        }

        return fields;
    }

    // Where an unquoted expansion is split; not a character of any word.
    private const char Separator = (char)0x2000;

    private string Tilde(string word)
    {
        if (!word.StartsWith('~'))
        {
            return word;
        }

        int end = word.IndexOf('/', StringComparison.Ordinal);
        string user = end < 0 ? word[1..] : word[1..end];
        string? home = user.Length == 0 ? state.Get("HOME") : user is "+" ? state.Folder : state.Visit.HomeOf(user);
        return home is null ? word : home + (end < 0 ? "" : word[end..]);
    }

    private async ValueTask PieceAsync(string word, StringBuilder text, bool inQuotes, bool isSplit, CancellationToken cancellation)
    {
        for (int at = 0; at < word.Length && text.Length < LongestWord;)
        {
            char c = word[at];
            switch (c)
            {
                case '\\' when inQuotes:
                    if (at + 1 < word.Length && word[at + 1] is '$' or '`' or '"' or '\\')
                    {
                        text.Append((char)(word[at + 1] | Quoted));
                        at += 2;
                    }
                    else if (at + 1 < word.Length && word[at + 1] == '\n')
                    {
                        at += 2;
                    }
                    else
                    {
                        text.Append((char)(c | Quoted));
                        at++;
                    }

                    break;
                case '\\':
                    if (at + 1 < word.Length && word[at + 1] != '\n')
                    {
                        text.Append((char)(word[at + 1] | Quoted));
                    }

                    at += 2;
                    break;
                case '\'' when !inQuotes:
                    int close = word.IndexOf('\'', at + 1);
                    close = close < 0 ? word.Length : close;
                    Quote(word.AsSpan(at + 1, close - at - 1), text);
                    at = close + 1;
                    break;
                case '"' when !inQuotes:
                    int end = DoubleQuoteEnd(word, at);
                    int before = text.Length;
                    await PieceAsync(word[(at + 1)..end], text, inQuotes: true, isSplit: false, cancellation);
                    if (text.Length == before && !IsAllArguments(word[(at + 1)..end]))
                    {
                        text.Append(Nothing);
                    }

                    at = end + 1;
                    break;
                case '`':
                    int tick = word.IndexOf('`', at + 1);
                    tick = tick < 0 ? word.Length : tick;
                    Insert(await substitute(word[(at + 1)..tick].Replace("\\`", "`", StringComparison.Ordinal), cancellation), text, inQuotes, isSplit);
                    at = tick + 1;
                    break;
                case '$' when at + 1 < word.Length:
                    at = await DollarAsync(word, at, text, inQuotes, isSplit, cancellation);
                    break;
                default:
                    text.Append(inQuotes ? (char)(c | Quoted) : c);
                    at++;
                    break;
            }
        }
    }

    private static bool IsAllArguments(string inner) => inner is "$@" or "${@}";

    private async ValueTask<int> DollarAsync(string word, int at, StringBuilder text, bool inQuotes, bool isSplit, CancellationToken cancellation)
    {
        char next = word[at + 1];
        if (next == '\'' && !inQuotes)
        {
            int end = at + 2;
            while (end < word.Length && word[end] != '\'')
            {
                end += word[end] == '\\' ? 2 : 1;
            }

            end = Math.Min(end, word.Length);
            Quote(Escapes.Undo(word[(at + 2)..end], isEcho: false), text);
            return end + 1;
        }

        if (next == '(' && at + 2 < word.Length && word[at + 2] == '(' && word.IndexOf("))", at, StringComparison.Ordinal) is > 0 and int close
            && NestedEnd(word, at + 1) == close + 1)
        {
            string expression = await TextAsync($"\"{word[(at + 3)..close].Replace("\"", "", StringComparison.Ordinal)}\"", cancellation);
            Insert(Calculator.Evaluate(expression, state).ToString(CultureInfo.InvariantCulture), text, inQuotes, isSplit);
            return close + 2;
        }

        if (next == '(')
        {
            int end = NestedEnd(word, at + 1);
            Insert(await substitute(word[(at + 2)..end], cancellation), text, inQuotes, isSplit);
            return end + 1;
        }

        if (next == '{')
        {
            int end = NestedEnd(word, at + 1);
            await ParameterAsync(word[(at + 2)..end], text, inQuotes, isSplit, cancellation);
            return end + 1;
        }

        int stop = at + 1;
        if (char.IsAsciiLetter(next) || next == '_')
        {
            while (stop < word.Length && (char.IsAsciiLetterOrDigit(word[stop]) || word[stop] == '_'))
            {
                stop++;
            }
        }
        else if (char.IsAsciiDigit(next) || next is '?' or '$' or '!' or '#' or '@' or '*' or '-')
        {
            stop++;
        }
        else
        {
            text.Append(inQuotes ? (char)('$' | Quoted) : '$');
            return at + 1;
        }

        string name = word[(at + 1)..stop];
        if (name is "@" && inQuotes)
        {
            for (int i = 0; i < state.Arguments.Count; i++)
            {
                _ = i > 0 ? text.Append(Separator) : text;
                text.Append(Nothing);
                Quote(state.Arguments[i], text);
            }

            return stop;
        }

        Insert(Value(name) ?? "", text, inQuotes, isSplit);
        return stop;
    }

    private void Insert(string value, StringBuilder text, bool inQuotes, bool isSplit)
    {
        if (inQuotes)
        {
            Quote(value, text);
            return;
        }

        string separators = state.Variables.GetValueOrDefault("IFS", " \t\n");
        foreach (char c in value)
        {
            text.Append(isSplit && separators.Contains(c, StringComparison.Ordinal) ? Separator : c);
        }
    }

    private static void Quote(ReadOnlySpan<char> value, StringBuilder text)
    {
        if (value.IsEmpty)
        {
            text.Append(Nothing);
        }

        foreach (char c in value)
        {
            text.Append(c is Separator or Nothing ? c : (char)(c | Quoted));
        }
    }

    // Without the marks.
    private static string Plain(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            if (c is not (Nothing or Separator))
            {
                plain.Append((char)(c & 0xFF));
            }
        }

        return plain.ToString();
    }

    // Marks become backslashes, for patterns.
    private static string Escaped(string text)
    {
        StringBuilder pattern = new(text.Length);
        foreach (char c in text)
        {
            if (c is Nothing or Separator)
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

    private static int DoubleQuoteEnd(string word, int at)
    {
        for (int i = at + 1; i < word.Length; i++)
        {
            if (word[i] == '\\')
            {
                i++;
            }
            else if (word[i] == '$' && i + 1 < word.Length && word[i + 1] is '(' or '{')
            {
                i = NestedEnd(word, i + 1);
            }
            else if (word[i] == '"')
            {
                return i;
            }
        }

        return word.Length;
    }

    // The place of the bracket that closes the one at this place.
    private static int NestedEnd(string word, int open)
    {
        char opening = word[open], closing = opening == '(' ? ')' : '}';
        int depth = 0;
        for (int i = open; i < word.Length; i++)
        {
            char c = word[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '\'' && opening == '(')
            {
                int end = word.IndexOf('\'', i + 1);
                i = end < 0 ? word.Length : end;
            }
            else if (c == '"')
            {
                i = DoubleQuoteEnd(word, i);
            }
            else if (c == opening)
            {
                depth++;
            }
            else if (c == closing && --depth == 0)
            {
                return i;
            }
        }

        return word.Length;
    }
}
