using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>sed(1): s, d, p and q with line numbers, $ and /patterns/ as addresses; -n, -e, -E, -i.</summary>
internal static class StreamEditor
{
    private sealed record Step(string? From, string? To, char Kind, Regex? Pattern, string Replacement, bool All, bool Print);

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        List<string> operands = [.. i.OperandsWithout("e")];
        string? script = i.Value('e');
        if (script is null && operands.Count > 0)
        {
            script = operands[0];
            operands.RemoveAt(0);
        }

        if (script is null || Parse(script, i.Has('E') || i.Has('r')) is not { } steps)
        {
            return await i.FailAsync("-e expression #1, char 1: unknown command");
        }

        bool inPlace = i.Arguments.Any(a => a.StartsWith("-i", StringComparison.Ordinal));
        (List<(string Name, string Text)> files, int status) = await i.ReadAsync(operands);
        foreach ((string name, string text) in files)
        {
            string edited = Edit(text, steps, i.Has('n', "quiet"));
            if (inPlace && name is not "-")
            {
                i.Files.Write(i.State.Path(name), Encoding.Latin1.GetBytes(edited), i.State.Visit.UserId, i.State.Visit.UserId);
            }
            else
            {
                await i.PrintAsync(edited);
            }
        }

        return status;
    }

    private static string Edit(string text, List<Step> steps, bool quiet)
    {
        string[] lines = TextCommands.Lines(text);
        StringBuilder output = new();
        bool[] inRange = new bool[steps.Count];
        for (int n = 0; n < lines.Length; n++)
        {
            string line = lines[n];
            bool deleted = false, quits = false;
            for (int s = 0; s < steps.Count && !deleted && !quits; s++)
            {
                Step step = steps[s];
                if (!Applies(step, line, n + 1, lines.Length, ref inRange[s]))
                {
                    continue;
                }

                switch (step.Kind)
                {
                    case 's':
                        string changed = step.Pattern!.Replace(line, match => Filled(step.Replacement, match), step.All ? -1 : 1);
                        _ = step.Print && !string.Equals(changed, line, StringComparison.Ordinal) ? output.Append(changed).Append('\n') : output;
                        line = changed;
                        break;
                    case 'd':
                        deleted = true;
                        break;
                    case 'p':
                        output.Append(line).Append('\n');
                        break;
                    case 'q':
                        quits = true;
                        break;
                }
            }

            _ = deleted || quiet ? output : output.Append(line).Append('\n');
            if (quits)
            {
                break;
            }
        }

        return output.ToString();
    }

    private static bool Applies(Step step, string line, int number, int count, ref bool inRange)
    {
        if (step.From is null)
        {
            return true;
        }

        if (step.To is null)
        {
            return Is(step.From, line, number, count);
        }

        if (!inRange && !Is(step.From, line, number, count))
        {
            return false;
        }

        bool ends = inRange && Is(step.To, line, number, count);
        inRange = !ends && !(int.TryParse(step.To, NumberStyles.None, CultureInfo.InvariantCulture, out int last) && number >= last);
        return true;
    }

    private static bool Is(string address, string line, int number, int count) =>
        address is "$" ? number == count
        : address.StartsWith('/') ? Patterns.Compile(Patterns.FromBasic(address.Trim('/')), ignoreCase: false)?.IsMatch(line) == true
        : int.TryParse(address, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted == number;

    private static string Filled(string replacement, Match match)
    {
        StringBuilder text = new();
        for (int i = 0; i < replacement.Length; i++)
        {
            char c = replacement[i];
            if (c == '&')
            {
                text.Append(match.Value);
            }
            else if (c == '\\' && i + 1 < replacement.Length)
            {
                char next = replacement[++i];
                _ = char.IsAsciiDigit(next) ? text.Append(match.Groups[next - '0'].Value) : text.Append(next switch { 'n' => '\n', 't' => '\t', _ => next });
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private static List<Step>? Parse(string script, bool extended)
    {
        List<Step> steps = [];
        int at = 0;
        while (at < script.Length)
        {
            while (at < script.Length && script[at] is ' ' or ';' or '\n' or '\t')
            {
                at++;
            }

            if (at >= script.Length)
            {
                break;
            }

            string? from = Address(script, ref at), to = null;
            if (from is not null && at < script.Length && script[at] == ',')
            {
                at++;
                to = Address(script, ref at);
            }

            if (at >= script.Length)
            {
                return null;
            }

            char kind = script[at++];
            if (kind is 'd' or 'p' or 'q')
            {
                steps.Add(new Step(from, to, kind, null, "", false, false));
                continue;
            }

            if (kind != 's' || at >= script.Length)
            {
                return null;
            }

            char separator = script[at++];
            string? pattern = Until(script, ref at, separator), replacement = Until(script, ref at, separator);
            if (pattern is null || replacement is null)
            {
                return null;
            }

            int end = at;
            while (end < script.Length && char.IsAsciiLetterOrDigit(script[end]))
            {
                end++;
            }

            string flags = script[at..end];
            at = end;
            if (Patterns.Compile(extended ? pattern : Patterns.FromBasic(pattern), flags.Contains('I', StringComparison.Ordinal) || flags.Contains('i', StringComparison.Ordinal)) is not { } regex)
            {
                return null;
            }

            steps.Add(new Step(from, to, 's', regex, replacement, flags.Contains('g', StringComparison.Ordinal), flags.Contains('p', StringComparison.Ordinal)));
        }

        return steps;
    }

    private static string? Address(string script, ref int at)
    {
        int start = at;
        if (script[at] == '/')
        {
            at++;
            return Until(script, ref at, '/') is { } pattern ? $"/{pattern}/" : null;
        }

        if (script[at] == '$')
        {
            at++;
            return "$";
        }

        while (at < script.Length && char.IsAsciiDigit(script[at]))
        {
            at++;
        }

        return at == start ? null : script[start..at];
    }

    private static string? Until(string script, ref int at, char separator)
    {
        StringBuilder text = new();
        for (; at < script.Length; at++)
        {
            if (script[at] == '\\' && at + 1 < script.Length)
            {
                _ = script[at + 1] == separator ? text.Append(separator) : text.Append('\\').Append(script[at + 1]);
                at++;
            }
            else if (script[at] == separator)
            {
                at++;
                return text.ToString();
            }
            else
            {
                text.Append(script[at]);
            }
        }

        return null;
    }
}
