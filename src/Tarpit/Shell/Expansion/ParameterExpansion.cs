using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>$name and ${...}.</summary>
internal sealed class ParameterExpansion(ShellState state, ITextExpander expander)
{
    private readonly ParameterOperators _operators = new(state, expander);
    private readonly ArrayParameters _arrays = new(state);

    /// <summary>Expands a parameter without braces whose name begins at this place.</summary>
    /// <returns>The place behind its name; the same place: no name is there.</returns>
    public int ExpandName(string word, int start, StringBuilder text, bool inQuotes, string separators)
    {
        int end = QuoteScanner.FindNameEnd(word, start);
        if (end == start)
        {
            if (!char.IsAsciiDigit(word[start]) && word[start] is not ('?' or '$' or '!' or '#' or '@' or '*' or '-'))
            {
                return start;
            }

            end++;
        }

        string name = word[start..end];
        if (name is "@" && inQuotes)
        {
            AppendArguments(text);
        }
        else
        {
            MarkedText.AppendResult(text, ShellParameters.Find(state, name) ?? "", inQuotes, separators);
        }

        return end;
    }

    /// <summary>Expands what stands between braces.</summary>
    public async ValueTask ExpandBodyAsync(string body, StringBuilder text, bool inQuotes, string separators, CancellationToken cancellation)
    {
        if (body.Length > 1 && body[0] == '#' && (char.IsAsciiLetterOrDigit(body[1]) || body[1] is '_' or '@' or '*' or '?'))
        {
            int length = body is "#@" or "#*" ? state.Arguments.Count
                : Subscript(body, QuoteScanner.FindNameEnd(body, 1)) is var (subscript, _) && subscript is "@" or "*" ? _arrays.Values(body[1..body.IndexOf('[', StringComparison.Ordinal)]).Count
                : (await ValueAsync(body[1..], cancellation) ?? "").Length;
            MarkedText.AppendResult(text, length.ToString(CultureInfo.InvariantCulture), inQuotes, separators);
            return;
        }

        if (body.Length > 1 && body[0] == '!' && (char.IsAsciiLetter(body[1]) || body[1] is '_' or '#'))
        {
            await ExpandIndirectAsync(body[1..], text, inQuotes, separators, cancellation);
            return;
        }

        int end = NameEnd(body);
        if (end == 0)
        {
            return;
        }

        string name = body[..end];
        if (Subscript(body, end) is var (index, behind) && index is not null)
        {
            if (index is "@" or "*")
            {
                await ExpandAllAsync(_arrays.Values(name), index, body[behind..], text, inQuotes, separators, cancellation);
                return;
            }

            string? element = await ValueAsync(body[..behind], cancellation);
            MarkedText.AppendResult(text, await _operators.ApplyAsync(name, element, body[behind..], cancellation), inQuotes, separators);
            return;
        }

        string operation = body[end..];
        if (name is "@" or "*" && operation is not ['-' or '+' or '=' or '?', ..] and not [':', '-' or '+' or '=' or '?', ..])
        {
            // A slice counts $0 as its first.
            IReadOnlyList<string> all = operation.StartsWith(':') ? [state.Name, .. state.Arguments] : state.Arguments;
            await ExpandAllAsync(all, name, operation, text, inQuotes, separators, cancellation);
            return;
        }

        string result = await _operators.ApplyAsync(name, ShellParameters.Find(state, name), operation, cancellation);
        MarkedText.AppendResult(text, result, inQuotes, separators);
    }

    // ${!name}: the parameter that the value names; ${!array[@]}: the indices.
    private async ValueTask ExpandIndirectAsync(string body, StringBuilder text, bool inQuotes, string separators, CancellationToken cancellation)
    {
        if (body is "#")
        {
            MarkedText.AppendResult(text, state.Arguments.Count == 0 ? state.Name : state.Arguments[^1], inQuotes, separators);
            return;
        }

        int end = QuoteScanner.FindNameEnd(body, 0);
        if (Subscript(body, end) is var (index, behind) && index is "@" or "*" && behind == body.Length)
        {
            await ExpandAllAsync(_arrays.Keys(body[..end]), index, "", text, inQuotes, separators, cancellation);
            return;
        }

        if (body.EndsWith('*') || body.EndsWith('@'))
        {
            IReadOnlyList<string> names = [.. state.Variables.Keys.Concat(state.Arrays.Keys).Where(name => name.StartsWith(body[..^1], StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            await ExpandAllAsync(names, body[^1..], "", text, inQuotes, separators, cancellation);
            return;
        }

        string named = ShellParameters.Find(state, body[..end]) ?? "";
        string? value = named.Length == 0 ? null : await ValueAsync(named, cancellation);
        MarkedText.AppendResult(text, await _operators.ApplyAsync(named, value, body[end..], cancellation), inQuotes, separators);
    }

    // All elements of a list with an operator on each; ":" takes some of them.
    private async ValueTask ExpandAllAsync(IReadOnlyList<string> values, string all, string operation, StringBuilder text, bool inQuotes, string separators, CancellationToken cancellation)
    {
        if (operation is ['-' or '+', ..] or [':', '-' or '+', ..])
        {
            string joined = await _operators.ApplyAsync("", values.Count == 0 ? null : string.Join(' ', values), operation, cancellation);
            MarkedText.AppendResult(text, joined, inQuotes, separators);
            return;
        }

        List<string> made = operation.StartsWith(':') ? _operators.Some(values, operation[1..]) : [];
        if (!operation.StartsWith(':'))
        {
            foreach (string value in values)
            {
                made.Add(await _operators.ApplyAsync("", value, operation, cancellation));
            }
        }

        if (inQuotes && all is "*")
        {
            string separator = state.Variables.TryGetValue("IFS", out string? ifs) ? (ifs.Length > 0 ? ifs[..1] : "") : " ";
            MarkedText.AppendQuoted(text, string.Join(separator, made));
            return;
        }

        for (int i = 0; i < made.Count; i++)
        {
            _ = i > 0 ? text.Append(MarkedText.Separator) : text;
            if (inQuotes)
            {
                text.Append(MarkedText.Empty);
                MarkedText.AppendQuoted(text, made[i]);
            }
            else
            {
                MarkedText.AppendResult(text, made[i], inQuotes: false, separators);
            }
        }
    }

    /// <summary>The value of a parameter or of an element; null: it is not set.</summary>
    private async ValueTask<string?> ValueAsync(string named, CancellationToken cancellation)
    {
        int end = QuoteScanner.FindNameEnd(named, 0);
        (string? subscript, _) = Subscript(named, end);
        if (subscript is null)
        {
            return named.Length == 0 ? null : ShellParameters.Find(state, named);
        }

        string key = await expander.TextAsync(subscript, cancellation);
        return _arrays.Element(named[..end], key);
    }

    private static (string? Subscript, int Behind) Subscript(string body, int at)
    {
        if (at == 0 || at >= body.Length || body[at] != '[')
        {
            return (null, at);
        }

        int depth = 0;
        for (int end = at; end < body.Length; end++)
        {
            depth += body[end] == '[' ? 1 : body[end] == ']' ? -1 : 0;
            if (depth == 0)
            {
                return (body[(at + 1)..end], end + 1);
            }
        }

        return (null, at);
    }

    // "$@": each argument is a field, also an empty one.
    private void AppendArguments(StringBuilder text)
    {
        for (int i = 0; i < state.Arguments.Count; i++)
        {
            _ = i > 0 ? text.Append(MarkedText.Separator) : text;
            text.Append(MarkedText.Empty);
            MarkedText.AppendQuoted(text, state.Arguments[i]);
        }
    }

    private static int NameEnd(string body)
    {
        int end = QuoteScanner.FindNameEnd(body, 0);
        if (end == 0)
        {
            end = Math.Min(1, body.Length);
            while (end < body.Length && char.IsAsciiDigit(body[0]) && char.IsAsciiDigit(body[end]))
            {
                end++;
            }
        }

        return end;
    }
}
