namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Operators of parameter expansion: defaults, substrings, trimming, replacement, case (bash(1), Parameter Expansion).</summary>
internal sealed class ParameterOperators(ShellState state, ITextExpander expander)
{
    /// <summary>The result of an operator with its argument.</summary>
    /// <param name="value">Of the parameter; null: it is not set.</param>
    /// <param name="operation">What follows the name between the braces; empty: the value alone.</param>
    public async ValueTask<string> ApplyAsync(string name, string? value, string operation, CancellationToken cancellation)
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
                return isThere ? value! : await expander.TextAsync(argument, cancellation);
            case '+':
                return isThere ? await expander.TextAsync(argument, cancellation) : "";
            case '=':
                if (!isThere)
                {
                    state.Set(name, await expander.TextAsync(argument, cancellation));
                }

                return state.Get(name);
            case '?':
                return value ?? "";
            case ':':
                return Slice(value ?? "", argument);
            case '#' or '%':
                bool longest = argument.StartsWith(kind);
                return Trim(value ?? "", await expander.PatternAsync(longest ? argument[1..] : argument, cancellation), kind == '#', longest);
            case '/':
                return await ReplaceAsync(value ?? "", argument, cancellation);
            case '@':
                return argument switch
                {
                    "Q" => value is null ? "" : Quoting.Of(value),
                    "U" => (value ?? "").ToUpperInvariant(),
                    "u" => ChangeCase(value ?? "", char.ToUpperInvariant, all: false),
                    "L" => (value ?? "").ToLowerInvariant(),
                    _ => value ?? "",
                };
            case '^':
                return ChangeCase(value ?? "", char.ToUpperInvariant, argument.StartsWith('^'));
            case ',':
                return ChangeCase(value ?? "", char.ToLowerInvariant, argument.StartsWith(','));
            default:
                return value ?? "";
        }
    }

    /// <summary>Some of a list: "2", "1:3" and so on.</summary>
    public List<string> Some(IReadOnlyList<string> values, string argument)
    {
        string[] parts = argument.Split(':');
        long start = Calculator.Evaluate(parts[0], state);
        start = Math.Clamp(start < 0 ? values.Count + start : start, 0, values.Count);
        long length = parts.Length > 1 ? Calculator.Evaluate(parts[1], state) : values.Count - start;
        return [.. values.Skip((int)start).Take((int)Math.Clamp(length, 0, values.Count))];
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
        string pattern = await expander.PatternAsync(slash < 0 ? argument : argument[..slash], cancellation);
        string replacement = slash < 0 ? "" : await expander.TextAsync(argument[(slash + 1)..], cancellation);
        if (pattern.Length == 0 || Globs.Regex(pattern) is not { } regex)
        {
            return value;
        }

        return all ? regex.Replace(value, _ => replacement) : regex.Replace(value, _ => replacement, 1);
    }

    private static string ChangeCase(string value, Func<char, char> change, bool all) =>
        value.Length == 0 ? value : all ? string.Concat(value.Select(change)) : change(value[0]) + value[1..];
}
