using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>$name and ${...}.</summary>
internal sealed class ParameterExpansion(ShellState state, ITextExpander expander)
{
    private readonly ParameterOperators _operators = new(state, expander);

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
            int length = body is "#@" or "#*" ? state.Arguments.Count : (ShellParameters.Find(state, body[1..]) ?? "").Length;
            MarkedText.AppendResult(text, length.ToString(CultureInfo.InvariantCulture), inQuotes, separators);
            return;
        }

        int end = NameEnd(body);
        if (end == 0)
        {
            return;
        }

        string name = body[..end], operation = body[end..];
        if (name is "@" && operation.Length == 0 && inQuotes)
        {
            MarkedText.AppendQuoted(text, string.Join(MarkedText.Separator, state.Arguments));
            return;
        }

        string result = await _operators.ApplyAsync(name, ShellParameters.Find(state, name), operation, cancellation);
        MarkedText.AppendResult(text, result, inQuotes, separators);
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
