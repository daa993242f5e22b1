using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Expansion of words (bash(1), EXPANSION): braces, tilde, parameters, substitution, arithmetic, splitting, file names, quotes. Bounded.</summary>
/// <param name="substitute">The output of a command, for $(...).</param>
internal sealed class Expander(ShellState state, Func<string, CancellationToken, ValueTask<string>> substitute) : ITextExpander
{
    private const int MostWords = 20_000;
    private const int LongestWord = 512 * 1024;
    private const string NoSplitting = "";

    private ParameterExpansion? _parameters;
    private int _pipes;

    private ParameterExpansion Parameters => _parameters ??= new ParameterExpansion(state, this);

    /// <summary>All words that these words become.</summary>
    public async ValueTask<List<string>> WordsAsync(IEnumerable<string> words, CancellationToken cancellation)
    {
        List<string> expanded = [];
        foreach (string word in words)
        {
            if (word.Length > 2 && word[0] is '<' or '>' && word[1] == '(')
            {
                expanded.Add(await PipeAsync(word, cancellation));
                continue;
            }

            foreach (string braced in BraceExpansion.Expand(word))
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

    // <( ... ): a file that holds what the command prints. >( ... ) takes what is written, and nobody reads it.
    private async ValueTask<string> PipeAsync(string word, CancellationToken cancellation)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/dev/fd/{63 - (_pipes++ % 32)}");
        string printed = word[0] == '<' ? await substitute(word[2..^1], cancellation) : "";
        if (state.Files.Find("/dev/fd") is null)
        {
            state.Files.MakeFolder("/dev/fd", 0, 0);
        }

        state.Files.Write(path, Encoding.Latin1.GetBytes(printed.Length == 0 ? "" : printed + "\n"), state.Visit.UserId, state.Visit.UserId);
        return path;
    }

    public async ValueTask<string> TextAsync(string word, CancellationToken cancellation) =>
        MarkedText.ToPlain(await MarkAsync(ExpandTilde(word), inQuotes: false, cancellation));

    public async ValueTask<string> PatternAsync(string word, CancellationToken cancellation) =>
        MarkedText.ToPattern(await MarkAsync(ExpandTilde(word), inQuotes: false, cancellation));

    /// <summary>The text of a here-document.</summary>
    public async ValueTask<string> DocumentAsync(string document, CancellationToken cancellation) =>
        MarkedText.ToPlain(await MarkAsync(document, inQuotes: true, cancellation));

    private async ValueTask<string> MarkAsync(string word, bool inQuotes, CancellationToken cancellation)
    {
        StringBuilder text = new();
        await AppendAsync(word, text, inQuotes, NoSplitting, cancellation);
        return text.ToString();
    }

    private async ValueTask<List<string>> FieldsAsync(string word, CancellationToken cancellation)
    {
        StringBuilder text = new();
        await AppendAsync(ExpandTilde(word), text, inQuotes: false, state.Variables.GetValueOrDefault("IFS", " \t\n"), cancellation);
        List<string> fields = [];
        foreach (string field in text.ToString().Split(MarkedText.Separator))
        {
            if (field.Length == 0)
            {
                continue;
            }

            if (field.AsSpan().IndexOfAny('*', '?', '[') >= 0 && !state.Options.Contains("noglob") && Globs.Expand(MarkedText.ToPattern(field), state) is { Count: > 0 } found)
            {
                fields.AddRange(found.Take(MostWords));
            }
            else
            {
                fields.Add(MarkedText.ToPlain(field));
            }
        }

        return fields;
    }

    private string ExpandTilde(string word)
    {
        if (!word.StartsWith('~'))
        {
            return word;
        }

        int end = word.IndexOf('/', StringComparison.Ordinal);
        string user = end < 0 ? word[1..] : word[1..end];
        string? home = user.Length == 0 ? state.Get("HOME") : user is "+" ? state.Folder : state.Visit.FindHome(user);
        return home is null ? word : home + (end < 0 ? "" : word[end..]);
    }

    private async ValueTask AppendAsync(string word, StringBuilder text, bool inQuotes, string separators, CancellationToken cancellation)
    {
        for (int at = 0; at < word.Length && text.Length < LongestWord;)
        {
            char c = word[at];
            switch (c)
            {
                case '\\':
                    at = inQuotes ? AppendEscapeInQuotes(word, at, text) : AppendEscape(word, at, text);
                    break;
                case '\'' when !inQuotes:
                    int close = word.IndexOf('\'', at + 1);
                    close = close < 0 ? word.Length : close;
                    MarkedText.AppendQuoted(text, word.AsSpan(at + 1, close - at - 1));
                    at = close + 1;
                    break;
                case '"' when !inQuotes:
                    int end = QuoteScanner.FindDoubleQuoteEnd(word, at);
                    await AppendDoubleQuotedAsync(word[(at + 1)..end], text, cancellation);
                    at = end + 1;
                    break;
                case '`':
                    int tick = word.IndexOf('`', at + 1);
                    tick = tick < 0 ? word.Length : tick;
                    MarkedText.AppendResult(text, await substitute(word[(at + 1)..tick].Replace("\\`", "`", StringComparison.Ordinal), cancellation), inQuotes, separators);
                    at = tick + 1;
                    break;
                case '$' when at + 1 < word.Length:
                    at = await AppendDollarAsync(word, at, text, inQuotes, separators, cancellation);
                    break;
                default:
                    text.Append(inQuotes ? MarkedText.Quote(c) : c);
                    at++;
                    break;
            }
        }
    }

    private static int AppendEscape(string word, int at, StringBuilder text)
    {
        if (at + 1 < word.Length && word[at + 1] != '\n')
        {
            text.Append(MarkedText.Quote(word[at + 1]));
        }

        return at + 2;
    }

    private static int AppendEscapeInQuotes(string word, int at, StringBuilder text)
    {
        char next = at + 1 < word.Length ? word[at + 1] : '\0';
        switch (next)
        {
            case '$' or '`' or '"' or '\\':
                text.Append(MarkedText.Quote(next));
                return at + 2;
            case '\n':
                return at + 2;
            default:
                text.Append(MarkedText.Quote('\\'));
                return at + 1;
        }
    }

    private async ValueTask AppendDoubleQuotedAsync(string inner, StringBuilder text, CancellationToken cancellation)
    {
        int before = text.Length;
        await AppendAsync(inner, text, inQuotes: true, NoSplitting, cancellation);
        if (text.Length == before && inner is not ("$@" or "${@}") && !(inner.StartsWith("${", StringComparison.Ordinal) && (inner.Contains("[@]", StringComparison.Ordinal) || inner.StartsWith("${@", StringComparison.Ordinal))))
        {
            text.Append(MarkedText.Empty);
        }
    }

    // Returns the place behind what began with the dollar sign.
    private async ValueTask<int> AppendDollarAsync(string word, int at, StringBuilder text, bool inQuotes, string separators, CancellationToken cancellation)
    {
        char next = word[at + 1];
        if (next == '\'' && !inQuotes)
        {
            int end = QuoteScanner.FindAnsiQuoteEnd(word, at + 2);
            MarkedText.AppendQuoted(text, Escapes.Decode(word[(at + 2)..end], isEcho: false));
            return end + 1;
        }

        if (next == '(')
        {
            int end = QuoteScanner.FindBracketEnd(word, at + 1);
            if (at + 2 < word.Length && word[at + 2] == '(' && word.IndexOf("))", at, StringComparison.Ordinal) is > 0 and int close && end == close + 1)
            {
                string expression = await TextAsync($"\"{word[(at + 3)..close].Replace("\"", "", StringComparison.Ordinal)}\"", cancellation);
                MarkedText.AppendResult(text, Calculator.Evaluate(expression, state).ToString(CultureInfo.InvariantCulture), inQuotes, separators);
            }
            else
            {
                MarkedText.AppendResult(text, await substitute(word[(at + 2)..end], cancellation), inQuotes, separators);
            }

            return end + 1;
        }

        if (next == '{')
        {
            int end = QuoteScanner.FindBracketEnd(word, at + 1);
            await Parameters.ExpandBodyAsync(word[(at + 2)..end], text, inQuotes, separators, cancellation);
            return end + 1;
        }

        int behind = Parameters.ExpandName(word, at + 1, text, inQuotes, separators);
        if (behind == at + 1)
        {
            text.Append(inQuotes ? MarkedText.Quote('$') : '$');
        }

        return behind;
    }
}
