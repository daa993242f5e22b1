using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>awk(1), the part that one-liners use: patterns and <c>{print ...}</c> of fields, NF, NR and texts, with -F.</summary>
internal static partial class FieldLanguage
{
    public static async ValueTask<int> RunAsync(Invocation i)
    {
        List<string> operands = [.. i.OperandsWithout("Fv")];
        if (operands.Count == 0)
        {
            await i.Streams.Error.WriteAsync("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n", i.Cancellation);
            return 1;
        }

        string program = operands[0].Trim();
        string? separator = i.Value('F');
        Match rule = Rule().Match(program);
        if (!rule.Success)
        {
            return await i.FailAsync($"line 1: syntax error at or near {program.Split(' ')[0]}", 2);
        }

        string pattern = rule.Groups["pattern"].Value.Trim(), action = rule.Groups["action"].Success ? rule.Groups["action"].Value.Trim() : "print";
        if (pattern is "BEGIN")
        {
            await i.PrintAsync(Act(action, [], "", 0));
            return 0;
        }

        (List<(string, string Text)> files, int status) = await i.ReadAsync(operands[1..]);
        string[] lines = [.. files.SelectMany(f => TextCommands.Lines(f.Text))];
        StringBuilder output = new();
        for (int n = 0; n < lines.Length && pattern is not "END"; n++)
        {
            string[] fields = Split(lines[n], separator);
            if (Holds(pattern, fields, lines[n], n + 1))
            {
                output.Append(Act(action, fields, lines[n], n + 1));
            }
        }

        await i.PrintAsync(output.ToString());
        if (pattern is "END" && lines.Length > 0)
        {
            await i.PrintAsync(Act(action, Split(lines[^1], separator), lines[^1], lines.Length));
        }

        return status;
    }

    private static string[] Split(string line, string? separator) =>
        separator is null or " " ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
        : separator.Length == 1 ? line.Split(separator) : Patterns.Compile(separator, ignoreCase: false)?.Split(line) ?? [line];

    private static bool Holds(string pattern, string[] fields, string line, int number)
    {
        if (pattern.Length == 0)
        {
            return true;
        }

        if (pattern.StartsWith('/') && pattern.EndsWith('/') && pattern.Length > 1)
        {
            return Patterns.Compile(pattern[1..^1], ignoreCase: false)?.IsMatch(line) == true;
        }

        Match compared = Comparison().Match(pattern);
        if (!compared.Success)
        {
            return false;
        }

        string left = Value(compared.Groups["left"].Value.Trim(), fields, line, number), right = compared.Groups["right"].Value.Trim();
        if (compared.Groups["op"].Value is "~" or "!~")
        {
            return Patterns.Compile(right.Trim('/'), ignoreCase: false)?.IsMatch(left) == (compared.Groups["op"].Value is "~");
        }

        right = Value(right, fields, line, number);
        int order = double.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out double a) && double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out double b)
            ? a.CompareTo(b) : string.CompareOrdinal(left, right);
        return compared.Groups["op"].Value switch { "==" => order == 0, "!=" => order != 0, ">" => order > 0, "<" => order < 0, ">=" => order >= 0, _ => order <= 0 };
    }

    private static string Act(string action, string[] fields, string line, int number)
    {
        StringBuilder output = new();
        foreach (string statement in action.Split(';'))
        {
            string trimmed = statement.Trim();
            if (trimmed is "print")
            {
                output.Append(line).Append('\n');
            }
            else if (trimmed.StartsWith("printf", StringComparison.Ordinal))
            {
                string[] parts = [.. Arguments(trimmed[6..].Trim().Trim('(', ')')).Select(p => Value(p, fields, line, number))];
                output.Append(parts.Length == 0 ? "" : Format.Apply(parts[0], parts[1..]));
            }
            else if (trimmed.StartsWith("print", StringComparison.Ordinal))
            {
                output.Append(string.Join(' ', Arguments(trimmed[5..]).Select(part => string.Concat(Terms().Matches(part).Select(term => Value(term.Value.Trim(), fields, line, number)))))).Append('\n');
            }
        }

        return output.ToString();
    }

    private static IEnumerable<string> Arguments(string text)
    {
        StringBuilder part = new();
        bool quoted = false;
        foreach (char c in text)
        {
            quoted ^= c == '"';
            if (c == ',' && !quoted)
            {
                yield return part.ToString().Trim();
                part.Clear();
            }
            else
            {
                part.Append(c);
            }
        }

        yield return part.ToString().Trim();
    }

    private static string Value(string term, string[] fields, string line, int number)
    {
        if (term.StartsWith('"'))
        {
            return Escapes.Decode(term.Trim('"'), isEcho: false);
        }

        if (term.StartsWith('$'))
        {
            string inner = term[1..].Trim('(', ')');
            int index = inner is "NF" ? fields.Length : inner.StartsWith("NF-", StringComparison.Ordinal) ? fields.Length - (int.TryParse(inner.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int back) ? back : 0)
                : int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : -1;
            return index == 0 ? line : index > 0 && index <= fields.Length ? fields[index - 1] : "";
        }

        return term switch
        {
            "NF" => fields.Length.ToString(CultureInfo.InvariantCulture),
            "NR" => number.ToString(CultureInfo.InvariantCulture),
            _ => double.TryParse(term, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? term : "",
        };
    }

    [GeneratedRegex(@"^(?<pattern>[^{]*)(?:\{(?<action>[^}]*)\})?$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 100)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^(?<left>[^=!<>~]+)(?<op>==|!=|>=|<=|!~|~|<|>)(?<right>.+)$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|\$\([^)]*\)|\$?[A-Za-z0-9_.]+", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Terms();
}
