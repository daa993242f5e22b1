using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>tr(1): bytes become others, go away, or are squeezed.</summary>
internal static class TranslateCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["complement"] = 'c', ["delete"] = 'd', ["squeeze-repeats"] = 's', ["truncate-set1"] = 't' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "cCdst", LongNames);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        IReadOnlyList<string> sets = options.Operands;
        bool deletes = options.Has('d'), squeezes = options.Has('s');
        if (sets.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'tr --help' for more information.");
        }

        if (sets.Count == 1 && !deletes && !squeezes)
        {
            return await i.FailAsync(Characters.ToBytes($"missing operand after ‘{sets[0]}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information."));
        }

        if (sets.Count > (deletes && !squeezes ? 1 : 2))
        {
            return await i.FailAsync(Characters.ToBytes($"extra operand ‘{sets[^1]}’\n{(deletes && !squeezes ? "Only one string may be given when deleting without squeezing repeats.\n" : "")}Try 'tr --help' for more information."));
        }

        string from, to;
        try
        {
            from = Expand(sets[0], 0);
            bool isComplement = options.Has('c') || options.Has('C');
            from = isComplement ? string.Concat(Enumerable.Range(0, 256).Select(n => (char)n).Where(c => !from.Contains(c, StringComparison.Ordinal))) : from;
            to = sets.Count > 1 ? Expand(sets[1], from.Length) : "";
            if (!isComplement && sets.Count > 1 && IsCase(sets[0]) && IsCase(sets[1]))
            {
                (from, to) = (ByCase(sets[0], sets[1]).From, ByCase(sets[0], sets[1]).To);
            }
        }
        catch (FormatException e)
        {
            return await i.FailAsync(e.Message);
        }

        if (!deletes && sets.Count > 1 && to.Length == 0)
        {
            return await i.FailAsync("when not truncating set1, string2 must be non-empty");
        }

        Translation translation = new(from, to, deletes, squeezes, hasSecond: sets.Count > 1, options.Has('t'));
        for (byte[] some = await i.Streams.Input.ReadSomeAsync(i.Cancellation); some.Length > 0; some = await i.Streams.Input.ReadSomeAsync(i.Cancellation))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            await i.Streams.Output.WriteAsync(translation.Next(some), i.Cancellation);
        }

        return 0;
    }

    private static bool IsCase(string set) => set.Contains("[:upper:]", StringComparison.Ordinal) || set.Contains("[:lower:]", StringComparison.Ordinal);

    private static (string From, string To) ByCase(string first, string second) => (Expand(first, 0), Expand(second, 0));

    private static string Expand(string text, int length)
    {
        List<(char C, bool IsEscaped)> read = [];
        StringBuilder set = new();
        int fill = -1;
        char filled = '\0';
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '[' && at + 1 < text.Length && text[at + 1] == ':' && text.IndexOf(":]", at + 2, StringComparison.Ordinal) is > 0 and var close)
            {
                set.Append(Class(text[(at + 2)..close]));
                at = close + 2;
                continue;
            }

            if (text[at] == '[' && at + 1 < text.Length && text[at + 1] == '=' && text.IndexOf("=]", at + 2, StringComparison.Ordinal) is > 0 and var equal)
            {
                set.Append(text[at + 2]);
                at = equal + 2;
                continue;
            }

            if (text[at] == '[' && text.IndexOf('*', at) is > 0 and var star && text.IndexOf(']', star) is > 0 and var end && star - at is 2 or 3)
            {
                int inner = at + 1;
                char repeated = Character(text, ref inner);
                string digits = text[(star + 1)..end];
                if (inner == star && digits.All(char.IsAsciiDigit))
                {
                    int count = digits.Length == 0 ? 0 : digits[0] == '0' ? System.Convert.ToInt32(digits.Length > 6 ? "7" : digits, 8) : int.Parse(digits[..Math.Min(6, digits.Length)], CultureInfo.InvariantCulture);
                    if (count == 0)
                    {
                        (fill, filled) = (set.Length, repeated);
                    }
                    else
                    {
                        set.Append(repeated, Math.Min(count, 4096));
                    }

                    at = end + 1;
                    continue;
                }
            }

            char first = Character(text, ref at);
            if (at + 1 < text.Length && text[at] == '-')
            {
                at++;
                char last = Character(text, ref at);
                if (last < first)
                {
                    throw new FormatException(Characters.ToBytes($"range-endpoints of '{first}-{last}' are in reverse collating sequence order"));
                }

                for (int c = first; c <= last; c++)
                {
                    set.Append((char)c);
                }
            }
            else
            {
                set.Append(first);
            }
        }

        if (fill >= 0 && set.Length < length)
        {
            set.Insert(fill, new string(filled, length - set.Length));
        }

        _ = read;
        return set.ToString();
    }

    private static char Character(string text, ref int at)
    {
        char c = text[at++];
        if (c != '\\' || at >= text.Length)
        {
            return c;
        }

        char next = text[at++];
        if (next is >= '0' and <= '7')
        {
            int value = next - '0';
            for (int n = 0; n < 2 && at < text.Length && text[at] is >= '0' and <= '7' && (value * 8) + text[at] - '0' < 256; n++)
            {
                value = (value * 8) + text[at++] - '0';
            }

            return (char)value;
        }

        return next switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'a' => '\a', 'b' => '\b', 'f' => '\f', 'v' => '\v', _ => next };
    }

    private static string Class(string name) => string.Concat(Enumerable.Range(0, 128).Select(n => (char)n).Where(name switch
    {
        "alpha" => char.IsAsciiLetter,
        "digit" => char.IsAsciiDigit,
        "alnum" => char.IsAsciiLetterOrDigit,
        "upper" => char.IsAsciiLetterUpper,
        "lower" => char.IsAsciiLetterLower,
        "space" => static c => c is ' ' or (>= '\t' and <= '\r'),
        "blank" => static c => c is ' ' or '\t',
        "punct" => static c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
        "cntrl" => char.IsControl,
        "print" => static c => c is >= ' ' and < '\x7f',
        "graph" => static c => c is > ' ' and < '\x7f',
        "xdigit" => char.IsAsciiHexDigit,
        _ => throw new FormatException(Characters.ToBytes($"invalid character class ‘{name}’")),
    }));
}
