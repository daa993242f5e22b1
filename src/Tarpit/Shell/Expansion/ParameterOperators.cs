using System.Text;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Operators of parameter expansion on a value: substrings, trimming, replacement, case, quoting (bash(1), Parameter Expansion).</summary>
internal sealed class ParameterOperators(ShellState state, Expander expander)
{
    private const int Longest = 1 << 20;

    public static bool IsDefault(string operation) => operation is ":-" or ":=" or ":?" or ":+" or "-" or "=" or "?" or "+";

    /// <summary>The result of an operator on one value.</summary>
    public async ValueTask<string> ApplyAsync(ParameterPart part, string? value, bool isQuoted, CancellationToken cancellation)
    {
        if (part.Operator.Length == 0 || value is null)
        {
            return value ?? "";
        }

        if (part.Operator is ":")
        {
            return await SubstringAsync(part, value, cancellation);
        }

        return (await ApplyAllAsync(part, [value], isQuoted, cancellation))[0];
    }

    /// <summary>The results of an operator on each of a list; its argument is expanded once.</summary>
    public async ValueTask<IReadOnlyList<string>> ApplyAllAsync(ParameterPart part, IReadOnlyList<string> values, bool isQuoted, CancellationToken cancellation)
    {
        switch (part.Operator)
        {
            case "#" or "##" or "%" or "%%":
                GlobPattern pattern = new(Characters.Of(await expander.PatternAsync(part.Argument, cancellation)));
                return [.. values.Select(value => Characters.ToBytes(Trim(Characters.Of(value), pattern, part.Operator[0] == '#', part.Operator.Length == 2)))];
            case "/" or "//" or "/#" or "/%":
                string searched = await expander.PatternAsync(part.Argument, cancellation);
                string replacement = part.Second is { } second ? await ReplacementAsync(second, isQuoted, cancellation) : "";
                return [.. values.Select(value => Replace(value, searched, replacement, part.Operator))];
            case "^" or "^^" or "," or ",," or "~" or "~~":
                string which = await expander.PatternAsync(part.Argument, cancellation);
                return [.. values.Select(value => Characters.ToBytes(ChangeCase(Characters.Of(value), part.Operator, which.Length == 0 ? null : new GlobPattern(Characters.Of(which)))))];
            case "@":
                return [.. values.Select(value => Transform(value, part.Argument.Text))];
            default:
                return values;
        }
    }

    /// <summary>Some of a list: "2", "1:3" and so on; positional parameters begin with $0.</summary>
    public async ValueTask<IReadOnlyList<string>> SliceAsync(ParameterPart part, IReadOnlyList<string> values, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        long start = await NumberAsync(part.Argument, cancellation);
        long? length = part.Second is { } second ? await NumberAsync(second, cancellation) : null;
        if (length < 0)
        {
            throw new ShellErrorException($"{part.Second!.Text}: substring expression < 0");
        }

        if (part.Name is "@" or "*")
        {
            List<string> all = [state.Name, .. values];
            start = start < 0 ? all.Count + start : start;
            return start < 0 ? [] : [.. all.Skip((int)Math.Min(start, int.MaxValue)).Take((int)Math.Min(length ?? int.MaxValue, int.MaxValue))];
        }

        // Elements of an array count by their indices.
        bool isIndexed = keys.Count > 0 && keys.All(key => long.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out _)) && state.Variables.Find(part.Name)?.Array is not { IsAssociative: true };
        if (!isIndexed)
        {
            // An associative array counts from 1.
            start = state.Variables.Find(part.Name)?.Array is null ? start : start > 0 ? start - 1 : start;
            return [.. values.Skip((int)Math.Clamp(start < 0 ? values.Count + start : start, 0, values.Count)).Take((int)Math.Min(length ?? int.MaxValue, int.MaxValue))];
        }

        long first = start < 0 ? long.Parse(keys[^1], System.Globalization.CultureInfo.InvariantCulture) + 1 + start : start;
        return first < 0 ? [] : [.. keys.Zip(values).Where(pair => long.Parse(pair.First, System.Globalization.CultureInfo.InvariantCulture) >= first).Take((int)Math.Min(length ?? int.MaxValue, int.MaxValue)).Select(pair => pair.Second)];
    }

    private async ValueTask<string> SubstringAsync(ParameterPart part, string value, CancellationToken cancellation)
    {
        string text = Characters.Of(value);
        long start = await NumberAsync(part.Argument, cancellation);
        start = start < 0 ? text.Length + start : start;
        if (start < 0 || start > text.Length)
        {
            return "";
        }

        long length = part.Second is { } second ? await NumberAsync(second, cancellation) : text.Length - start;
        long end = length < 0 ? text.Length + length : Math.Min(start + length, text.Length);
        return end < start ? throw new ShellErrorException($"{part.Second!.Text}: substring expression < 0") : Characters.ToBytes(text[(int)start..(int)end]);
    }

    private async ValueTask<long> NumberAsync(Word expression, CancellationToken cancellation) => Calculator.Evaluate(await expander.DocumentAsync(expression, cancellation), state);

    private static string Trim(string value, GlobPattern pattern, bool atStart, bool longest)
    {
        if (atStart)
        {
            int end = pattern.Match(value, 0, longest);
            return end < 0 ? value : value[end..];
        }

        string backwards = new([.. value.Reverse()]);
        int length = pattern.Reversed().Match(backwards, 0, longest);
        return length < 0 ? value : value[..^length];
    }

    // An unquoted "&" stands for what was found (patsub_replacement), so what is quoted has a backslash.
    private async ValueTask<string> ReplacementAsync(Word second, bool isQuoted, CancellationToken cancellation)
    {
        if (!second.Text.Contains('&', StringComparison.Ordinal) && !second.Parts.Any(part => part is not LiteralPart))
        {
            return (await expander.TextAsync(second, cancellation)).Replace("\\", "\\\\", StringComparison.Ordinal);
        }

        StringBuilder text = new(), marked = new();
        await expander.AppendAsync(second.Parts, marked, isQuoted: false, splits: false, cancellation);
        foreach (char c in marked.ToString())
        {
            char plain = (char)(c & 0xFF);
            bool isMarked = (c & 0x4000) != 0 && !isQuoted;
            if (c is MarkedText.Empty)
            {
                continue;
            }

            _ = isMarked && plain is '&' or '\\' && isMarked ? text.Append('\\').Append(plain) : text.Append(plain);
        }

        return text.ToString();
    }

    private string Replace(string value, string searched, string replacement, string operation)
    {
        string text = Characters.Of(value);
        GlobPattern pattern = new(Characters.Of(searched), state.Has("nocasematch"));
        bool isEmpty = searched.Length == 0;
        if (isEmpty && operation is not ("/#" or "/%"))
        {
            return value;
        }

        if (operation is "/%")
        {
            string backwards = new([.. text.Reverse()]);
            int length = isEmpty ? 0 : pattern.Reversed().Match(backwards, 0, longest: true);
            return length < 0 ? value : Characters.ToBytes(text[..^length]) + Filled(replacement, Characters.ToBytes(text[^length..]));
        }

        if (operation is "//")
        {
            return ReplaceAll(text, pattern, replacement);
        }

        StringBuilder made = new();
        int at = 0;
        for (; at <= text.Length && made.Length < Longest; at++)
        {
            if (!isEmpty && operation is not "/#" && pattern.Next(text, at) is var next && next > at)
            {
                made.Append(Characters.ToBytes(text[at..next]));
                at = next;
            }

            int end = isEmpty ? 0 : pattern.Match(text, at, longest: true);
            if (end > at || (end == at && (isEmpty || operation is "/#" || text.Length == 0)))
            {
                made.Append(Filled(replacement, Characters.ToBytes(text[at..end])));
                at = end;
                break;
            }
            else if (operation is "/#")
            {
                break;
            }
            else if (at < text.Length)
            {
                made.Append(Characters.ToBytes(text[at].ToString()));
            }
        }

        return at < text.Length ? made.Append(Characters.ToBytes(text[at..])).ToString() : made.ToString();
    }

    // Where nothing fits, it goes before each character.
    private string ReplaceAll(string text, GlobPattern pattern, string replacement)
    {
        StringBuilder made = new();
        if (text.Length == 0)
        {
            return pattern.Match(text, 0, longest: true) == 0 ? Filled(replacement, "") : "";
        }

        for (int at = 0; at < text.Length;)
        {
            if (made.Length >= Longest)
            {
                return made.Append(Characters.ToBytes(text[at..])).ToString();
            }

            if (pattern.Next(text, at) is var next && next > at)
            {
                made.Append(Characters.ToBytes(text[at..next]));
                at = next;
                continue;
            }

            int end = pattern.Match(text, at, longest: true);
            if (end >= at)
            {
                made.Append(Filled(replacement, Characters.ToBytes(text[at..end])));
            }

            if (end <= at)
            {
                made.Append(Characters.ToBytes(text[at].ToString()));
            }

            at = Math.Max(end, at + 1);
        }

        return made.ToString();
    }

    private string Filled(string replacement, string found)
    {
        if (replacement.AsSpan().IndexOfAny('&', '\\') < 0)
        {
            return replacement;
        }

        StringBuilder text = new();
        for (int i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] == '\\' && i + 1 < replacement.Length && replacement[i + 1] is '&' or '\\')
            {
                text.Append(replacement[++i]);
            }
            else
            {
                _ = replacement[i] == '&' && state.Has("patsub_replacement") ? text.Append(found) : text.Append(replacement[i]);
            }
        }

        return text.ToString();
    }

    private static string ChangeCase(string value, string operation, GlobPattern? which)
    {
        StringBuilder text = new(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            bool changes = (i == 0 || operation.Length == 2) && (which is null || which.IsMatch(value[i].ToString()));
            text.Append(!changes ? value[i] : operation[0] == '^' || (operation[0] == '~' && char.IsLower(value[i])) ? char.ToUpperInvariant(value[i]) : char.ToLowerInvariant(value[i]));
        }

        return text.ToString();
    }

    private string Transform(string value, string kind) => kind switch
    {
        "Q" => Quoting.Of(value),
        "P" => new Prompting.PromptText(state).Decode(value, escapes: false),
        "E" => Escapes.DecodeAnsi(value),
        "U" => Characters.Upper(value),
        "L" => Characters.Lower(value),
        "u" => Characters.ToBytes(ChangeCase(Characters.Of(value), "^", null)),
        _ => value,
    };
}
