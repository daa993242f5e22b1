using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell;

/// <summary>Parameters, and braces.</summary>
internal sealed partial class Expander
{
    private const int MostBraces = 4096;
    private const int MostNestedBraces = 32;

    /// <summary>The value of a parameter; null: it is not set.</summary>
    public string? Value(string name)
    {
        switch (name)
        {
            case "?":
                return state.Status.ToString(CultureInfo.InvariantCulture);
            case "$" or "BASHPID":
                return state.Visit.ShellProcess.ToString(CultureInfo.InvariantCulture);
            case "!":
                return state.Variables.GetValueOrDefault("!");
            case "#":
                return state.Arguments.Count.ToString(CultureInfo.InvariantCulture);
            case "@" or "*":
                return string.Join(' ', state.Arguments);
            case "-":
                return state.Io.Terminal is null ? "hBc" : "himBHs";
            case "0":
                return state.Name;
            case "RANDOM":
                return System.Security.Cryptography.RandomNumberGenerator.GetInt32(32768).ToString(CultureInfo.InvariantCulture);
            case "SECONDS":
                return ((long)state.Visit.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            case "PPID":
                return (state.Visit.ShellProcess - 1).ToString(CultureInfo.InvariantCulture);
            case "UID" or "EUID":
                return state.Visit.UserId.ToString(CultureInfo.InvariantCulture);
            case "PWD":
                return state.Folder;
            case "HOSTNAME":
                return state.Visit.Machine.HostName;
        }

        return char.IsAsciiDigit(name[0]) && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number <= state.Arguments.Count ? state.Arguments[number - 1] : null
            : state.Variables.GetValueOrDefault(name);
    }

    private async ValueTask ParameterAsync(string body, StringBuilder text, bool inQuotes, bool isSplit, CancellationToken cancellation)
    {
        if (body.Length > 1 && body[0] == '#' && (char.IsAsciiLetterOrDigit(body[1]) || body[1] is '_' or '@' or '*' or '?'))
        {
            string measured = body is "#@" or "#*" ? state.Arguments.Count.ToString(CultureInfo.InvariantCulture) : (Value(body[1..]) ?? "").Length.ToString(CultureInfo.InvariantCulture);
            Insert(measured, text, inQuotes, isSplit);
            return;
        }

        int end = 0;
        if (body.Length > 0 && (char.IsAsciiLetter(body[0]) || body[0] == '_'))
        {
            while (end < body.Length && (char.IsAsciiLetterOrDigit(body[end]) || body[end] == '_'))
            {
                end++;
            }
        }
        else
        {
            end = Math.Min(1, body.Length);
            while (end < body.Length && char.IsAsciiDigit(body[0]) && char.IsAsciiDigit(body[end]))
            {
                end++;
            }
        }

        string name = body[..end], operation = body[end..];
        if (name.Length == 0)
        {
            return;
        }

        string? value = Value(name);
        if (name is "@" && operation.Length == 0 && inQuotes)
        {
            Quote(string.Join(Separator, state.Arguments), text);
            return;
        }

        Insert(await OperateAsync(name, value, operation, cancellation), text, inQuotes, isSplit);
    }

    private async ValueTask<string> OperateAsync(string name, string? value, string operation, CancellationToken cancellation)
    {
        if (operation.Length == 0)
        {
            return value ?? "";
        }

        bool colon = operation[0] == ':' && operation.Length > 1 && operation[1] is '-' or '=' or '+' or '?';
        char kind = colon ? operation[1] : operation[0];
        bool isThere = value is not null && (!colon || value.Length > 0);
        string argument = operation[(colon ? 2 : 1)..];
        switch (kind)
        {
            case '-':
                return isThere ? value! : await TextAsync(argument, cancellation);
            case '+':
                return isThere ? await TextAsync(argument, cancellation) : "";
            case '=':
                if (!isThere)
                {
                    state.Set(name, await TextAsync(argument, cancellation));
                }

                return state.Get(name);
            case '?':
                return value ?? "";
            case ':':
                return Slice(value ?? "", argument);
            case '#' or '%':
                bool longest = argument.StartsWith(kind);
                return Trim(value ?? "", await PatternAsync(longest ? argument[1..] : argument, cancellation), kind == '#', longest);
            case '/':
                return await ReplaceAsync(value ?? "", argument, cancellation);
            case '^':
                return Cased(value ?? "", char.ToUpperInvariant, argument.StartsWith('^'));
            case ',':
                return Cased(value ?? "", char.ToLowerInvariant, argument.StartsWith(','));
            default:
                return value ?? "";
        }
    }

    private string Slice(string value, string argument)
    {
        string[] parts = argument.Split(':');
        long start = Calculator.Evaluate(parts[0], state);
        start = Math.Clamp(start < 0 ? value.Length + start : start, 0, value.Length);
        long length = parts.Length > 1 ? Calculator.Evaluate(parts[1], state) : value.Length - start;
        long end = Math.Clamp(length < 0 ? value.Length + length : start + length, start, value.Length);
        return value[(int)start..(int)end];
    }

    private static string Trim(string value, string pattern, bool atStart, bool longest)
    {
        for (int i = 0; i <= value.Length; i++)
        {
            int length = longest ? value.Length - i : i;
            if (Globs.IsMatch(pattern, atStart ? value[..length] : value[(value.Length - length)..]))
            {
                return atStart ? value[length..] : value[..(value.Length - length)];
            }
        }

        return value;
    }

    private async ValueTask<string> ReplaceAsync(string value, string argument, CancellationToken cancellation)
    {
        bool all = argument.StartsWith('/');
        argument = all ? argument[1..] : argument;
        int slash = argument.IndexOf('/', StringComparison.Ordinal);
        string pattern = await PatternAsync(slash < 0 ? argument : argument[..slash], cancellation);
        string replacement = slash < 0 ? "" : await TextAsync(argument[(slash + 1)..], cancellation);
        if (pattern.Length == 0 || Globs.Regex(pattern) is not { } regex)
        {
            return value;
        }

        return all ? regex.Replace(value, _ => replacement) : regex.Replace(value, _ => replacement, 1);
    }

    private static string Cased(string value, Func<char, char> change, bool all) =>
        value.Length == 0 ? value : all ? string.Concat(value.Select(change)) : change(value[0]) + value[1..];

    /// <summary>{a,b} and {1..5}; a word without them is one word.</summary>
    private static IEnumerable<string> Braces(string word)
    {
        // Each pair of braces is a level of iterators within one another.
        if (word.AsSpan().Count('{') > MostNestedBraces)
        {
            return [word];
        }

        Match range = RangeBrace().Match(word);
        if (range.Success)
        {
            return Range(range).Take(MostBraces).SelectMany(value => Braces(word[..range.Index] + value + word[(range.Index + range.Length)..]));
        }

        Match list = ListBrace().Match(word);
        return list.Success && !word.Contains('\'', StringComparison.Ordinal) && !word.Contains('"', StringComparison.Ordinal)
            ? list.Groups["items"].Value.Split(',').SelectMany(item => Braces(word[..list.Index] + item + word[(list.Index + list.Length)..])).Take(MostBraces)
            : [word];
    }

    private static IEnumerable<string> Range(Match range)
    {
        string from = range.Groups["from"].Value, to = range.Groups["to"].Value;
        if (!long.TryParse(from, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long first) || !long.TryParse(to, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long last))
        {
            (first, last) = (from[0], to[0]);
            for (long c = first; first <= last ? c <= last : c >= last; c += first <= last ? 1 : -1)
            {
                yield return ((char)c).ToString();
            }

            yield break;
        }

        int width = from.StartsWith('0') && from.Length > 1 ? from.Length : 0;
        for (long n = first; first <= last ? n <= last : n >= last; n += first <= last ? 1 : -1)
        {
            yield return n.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
        }
    }

    [GeneratedRegex(@"(?<![$\\'""{])\{(?<from>-?\d{1,9}|[a-zA-Z])\.\.(?<to>-?\d{1,9}|[a-zA-Z])\}", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex RangeBrace();

    [GeneratedRegex(@"(?<![$\\'""])\{(?<items>[^{}\s'""$`]*,[^{}\s'""$`]*)\}", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ListBrace();
}
