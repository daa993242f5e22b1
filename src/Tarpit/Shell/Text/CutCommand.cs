using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>cut(1).</summary>
internal static class CutCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["bytes"] = 'b', ["characters"] = 'c', ["delimiter"] = 'd', ["fields"] = 'f', ["only-delimited"] = 's', ["output-delimiter"] = 'o', ["complement"] = 'C', ["zero-terminated"] = 'z' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "b:c:d:f:so:Czn", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        string? list = options.Value('f') ?? options.Value('c') ?? options.Value('b');
        if (list is null)
        {
            return await i.FailAsync("you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.");
        }

        bool byField = options.Has('f');
        if (options.Value('d') is { } given && (Characters.Count(given) > 1 || !byField))
        {
            return await i.FailAsync(byField ? "the delimiter must be a single character\nTry 'cut --help' for more information." : "an input delimiter may be specified only when operating on fields\nTry 'cut --help' for more information.");
        }

        List<(int From, int To)> ranges;
        try
        {
            ranges = Ranges(list, byField, options.Has('C'));
        }
        catch (FormatException e)
        {
            return await i.FailAsync($"{e.Message}\nTry 'cut --help' for more information.");
        }

        char end = options.Has('z') ? '\0' : '\n';
        string delimiter = options.Value('d') is { Length: > 0 } one ? one : options.Has('d') ? "\0" : "\t";
        int status = 0;
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (await Lines.ReadAsync(i, name) is not { } text)
            {
                status = 1;
                continue;
            }

            StringBuilder made = new();
            foreach (string line in Lines.Of(text, end))
            {
                if (byField && !line.Contains(delimiter, StringComparison.Ordinal))
                {
                    _ = options.Has('s') ? made : made.Append(line).Append(end);
                    continue;
                }

                string[] parts = byField ? line.Split(delimiter) : [.. line.Select(c => c.ToString())];
                string between = options.Value('o') ?? (byField ? delimiter : "");
                bool isFirst = true;
                foreach ((int from, int to) in ranges)
                {
                    for (int n = from; n <= Math.Min(to, parts.Length); n++)
                    {
                        _ = isFirst || (!byField && n > from) ? made : made.Append(between);
                        made.Append(parts[n - 1]);
                        isFirst = false;
                    }
                }

                made.Append(end);
            }

            await i.PrintAsync(made.ToString());
        }

        return status;
    }

    // In order, with those that touch made one.
    private static List<(int From, int To)> Ranges(string list, bool byField, bool isComplement)
    {
        List<(int From, int To)> ranges = [];
        foreach (string part in list.Split(',', ' '))
        {
            string[] ends = part.Split('-');
            string kind = byField ? "field" : "byte/character";
            if (ends.Length > 2 || part is "-" or "" || ends.Any(end => end.Any(c => !char.IsAsciiDigit(c))))
            {
                throw new FormatException(part is "-" ? "invalid range with no endpoint: -" : ends.Length > 2 ? byField ? "invalid field range" : "invalid byte or character range" : byField ? $"invalid field value '{part}'" : $"invalid byte/character position '{part}'");
            }

            int from = ends[0].Length == 0 ? 1 : Number(ends[0]), to = ends.Length == 1 ? from : ends[1].Length == 0 ? int.MaxValue : Number(ends[1]);
            if (from == 0 || to == 0)
            {
                throw new FormatException(byField ? "fields are numbered from 1" : "byte/character positions are numbered from 1");
            }

            ranges.Add(to < from ? throw new FormatException("invalid decreasing range") : (from, to));
            _ = kind;
        }

        List<(int From, int To)> merged = [];
        foreach ((int from, int to) in ranges.Order())
        {
            if (merged.Count > 0 && from <= merged[^1].To)
            {
                merged[^1] = (merged[^1].From, Math.Max(to, merged[^1].To));
            }
            else
            {
                merged.Add((from, to));
            }
        }

        if (!isComplement)
        {
            return merged;
        }

        List<(int From, int To)> others = [];
        int next = 1;
        foreach ((int from, int to) in merged)
        {
            if (from > next)
            {
                others.Add((next, from - 1));
            }

            next = to == int.MaxValue ? 0 : to + 1;
        }

        if (next > 0)
        {
            others.Add((next, int.MaxValue));
        }

        return others;
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
}
