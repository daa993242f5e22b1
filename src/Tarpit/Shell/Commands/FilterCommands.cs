using Blackwall.Tarpit.Shell.Awk;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that change text on its way.</summary>
internal static class FilterCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["grep"] = GrepAsync,
        ["egrep"] = GrepAsync,
        ["fgrep"] = GrepAsync,
        ["sort"] = SortAsync,
        ["uniq"] = UniqueAsync,
        ["cut"] = CutAsync,
        ["tr"] = TranslateAsync,
        ["sed"] = StreamEditor.RunAsync,
        ["awk"] = AwkCommand.RunAsync,
        ["gawk"] = AwkCommand.RunAsync,
        ["mawk"] = AwkCommand.RunAsync,
        ["seq"] = SequenceAsync,
        ["yes"] = YesAsync,
        ["column"] = TextThroughAsync,
        ["fold"] = TextThroughAsync,
    };

    private static async ValueTask<int> TextThroughAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("wts"));
        await i.PrintAsync(string.Concat(files.Select(f => f.Text)));
        return status;
    }

    private static async ValueTask<int> GrepAsync(Invocation i)
    {
        List<string> operands = [.. i.OperandsWithout("eABCmf")];
        string? pattern = i.Value('e');
        if (pattern is null)
        {
            if (operands.Count == 0)
            {
                await i.Streams.Error.WriteAsync("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n", i.Cancellation);
                return 2;
            }

            pattern = operands[0];
            operands.RemoveAt(0);
        }

        bool isFixed = i.Has('F') || i.Name is "fgrep", isExtended = i.Has('E') || i.Has('P') || i.Name is "egrep";
        string expression = isFixed ? Regex.Escape(pattern) : isExtended ? pattern : Patterns.FromBasic(pattern);
        expression = i.Has('w') ? $@"(?:^|[^A-Za-z0-9_])(?:{expression})(?:$|[^A-Za-z0-9_])" : i.Has('x') ? $"^(?:{expression})$" : expression;
        if (Patterns.Compile(expression, i.Has('i', "ignore-case")) is not { } regex)
        {
            return await i.FailAsync("Unmatched ( or \\(", 2);
        }

        bool recursive = i.Has('r') || i.Has('R');
        List<string> names = recursive ? [.. (operands.Count == 0 ? ["."] : operands).SelectMany(root => Below(i, root))] : operands;
        (List<(string Name, string Text)> files, int status) = recursive && names.Count == 0 ? ([], 0) : await i.ReadAsync(names);
        bool invert = i.Has('v'), named = (files.Count > 1 || recursive) && !i.Has('h');
        int limit = i.Value('m') is { } most && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : int.MaxValue;
        bool found = false;
        StringBuilder text = new();
        foreach ((string name, string content) in files)
        {
            string prefix = named ? name + ":" : "";
            int count = 0, number = 0;
            foreach (string line in TextCommands.Lines(content))
            {
                number++;
                if (regex.IsMatch(line) == invert || count >= limit)
                {
                    continue;
                }

                count++;
                if (i.Has('q') || i.Has('c') || i.Has('l'))
                {
                    continue;
                }

                string shown = i.Has('o') && !invert ? string.Join('\n' + prefix, regex.Matches(line).Select(m => m.Value)) : line;
                text.Append(prefix).Append(i.Has('n') ? number.ToString(CultureInfo.InvariantCulture) + ":" : "").Append(shown).Append('\n');
            }

            found |= count > 0;
            _ = i.Has('c') && !i.Has('q') ? text.Append(prefix).Append(count).Append('\n') : i.Has('l') && count > 0 ? text.Append(name).Append('\n') : text;
        }

        await i.PrintAsync(text.ToString());
        return status != 0 ? 2 : found ? 0 : 1;
    }

    private static IEnumerable<string> Below(Invocation i, string root)
    {
        Stack<(string Path, Node? Node)> open = new([(root, i.Files.Find(i.State.Path(root)))]);
        for (int count = 0; count < 2000 && open.TryPop(out var next); count++)
        {
            if (next.Node is FileNode { Content: not Binary })
            {
                yield return next.Path;
            }
            else if (next.Node is FolderNode folder)
            {
                foreach ((string name, Node child) in folder.Entries.Reverse())
                {
                    open.Push(($"{next.Path.TrimEnd('/')}/{name}", child));
                }
            }
        }
    }

    private static async ValueTask<int> SortAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("kto"));
        List<string> lines = [.. files.SelectMany(f => TextCommands.Lines(f.Text))];
        int key = i.Value('k') is { } given && int.TryParse(given.Split(',', '.')[0].TrimEnd('n', 'r'), NumberStyles.None, CultureInfo.InvariantCulture, out int field) ? field - 1 : -1;
        string? separator = i.Value('t');
        string Key(string line)
        {
            string[] fields = separator is null ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(separator);
            return key < 0 ? line : key < fields.Length ? string.Join(' ', fields.Skip(key)) : "";
        }

        bool numeric = i.Has('n') || i.Has('h') || i.Value('k')?.Contains('n', StringComparison.Ordinal) == true;
        IEnumerable<string> sorted = numeric ? lines.OrderBy(line => Leading(Key(line))).ThenBy(line => line, StringComparer.Ordinal) : lines.OrderBy(Key, StringComparer.Ordinal);
        sorted = i.Has('r') ? sorted.Reverse() : sorted;
        sorted = i.Has('u') ? sorted.Distinct(StringComparer.Ordinal) : sorted;
        await i.PrintAsync(string.Concat(sorted.Select(line => line + "\n")));
        return status;
    }

    private static double Leading(string text)
    {
        text = text.TrimStart();
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] == '-')))
        {
            end++;
        }

        double unit = end < text.Length ? text[end] switch { 'K' => 1024, 'M' => 1 << 20, 'G' => 1 << 30, _ => 1 } : 1;
        return double.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number * unit : 0;
    }

    private static async ValueTask<int> UniqueAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.Operands);
        List<(string Line, int Count)> runs = [];
        foreach (string line in files.SelectMany(f => TextCommands.Lines(f.Text)))
        {
            if (runs.Count > 0 && string.Equals(runs[^1].Line, line, StringComparison.Ordinal))
            {
                runs[^1] = (line, runs[^1].Count + 1);
            }
            else
            {
                runs.Add((line, 1));
            }
        }

        IEnumerable<(string Line, int Count)> shown = i.Has('d') ? runs.Where(r => r.Count > 1) : i.Has('u') ? runs.Where(r => r.Count == 1) : runs;
        await i.PrintAsync(string.Concat(shown.Select(r => i.Has('c') ? string.Create(CultureInfo.InvariantCulture, $"{r.Count,7} {r.Line}\n") : r.Line + "\n")));
        return status;
    }

    private static async ValueTask<int> CutAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("dfcb"));
        string delimiter = i.Value('d') is { Length: > 0 } given ? given[..1] : "\t";
        string list = i.Value('f') ?? i.Value('c') ?? i.Value('b') ?? "";
        bool fields = i.Value('f') is not null;
        if (list.Length == 0)
        {
            return await i.FailAsync("you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.");
        }

        foreach (string line in files.SelectMany(f => TextCommands.Lines(f.Text)))
        {
            string[] parts = fields ? line.Split(delimiter) : [.. line.Select(c => c.ToString())];
            string text = fields && parts.Length == 1 ? line : string.Join(fields ? delimiter : "", parts.Where((_, n) => InList(list, n + 1)));
            if (!(fields && parts.Length == 1 && i.Has('s')))
            {
                await i.PrintAsync(text + "\n");
            }
        }

        return status;
    }

    private static bool InList(string list, int number) => list.Split(',').Any(part =>
    {
        string[] ends = part.Split('-');
        int from = ends[0].Length == 0 ? 1 : int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) ? first : -1;
        int to = ends.Length == 1 ? from : ends[1].Length == 0 ? int.MaxValue : int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out int last) ? last : -1;
        return number >= from && number <= to && from > 0;
    });

    private static async ValueTask<int> TranslateAsync(Invocation i)
    {
        string text = Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation));
        IReadOnlyList<string> operands = i.Operands;
        string from = Set(operands.Count > 0 ? operands[0] : ""), to = Set(operands.Count > 1 ? operands[1] : "");
        bool complement = i.Has('c') || i.Has('C'), delete = i.Has('d'), squeeze = i.Has('s');
        StringBuilder output = new(text.Length);
        foreach (char c in text)
        {
            int at = from.IndexOf(c, StringComparison.Ordinal);
            bool isIn = at >= 0 != complement;
            if (isIn && delete)
            {
                continue;
            }

            char changed = isIn && to.Length > 0 ? to[complement ? to.Length - 1 : Math.Min(at, to.Length - 1)] : c;
            if (squeeze && isIn && output.Length > 0 && output[^1] == changed)
            {
                continue;
            }

            output.Append(changed);
        }

        await i.PrintAsync(output.ToString());
        return 0;
    }

    private static string Set(string text)
    {
        text = Escapes.Decode(text).Replace("[:upper:]", "A-Z", StringComparison.Ordinal).Replace("[:lower:]", "a-z", StringComparison.Ordinal)
            .Replace("[:digit:]", "0-9", StringComparison.Ordinal).Replace("[:alpha:]", "a-zA-Z", StringComparison.Ordinal).Replace("[:alnum:]", "a-zA-Z0-9", StringComparison.Ordinal)
            .Replace("[:space:]", " \t\n\r\v\f", StringComparison.Ordinal);
        StringBuilder set = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 2 < text.Length && text[i + 1] == '-' && text[i + 2] >= text[i])
            {
                for (int c = text[i]; c <= text[i + 2]; c++)
                {
                    set.Append((char)c);
                }

                i += 2;
            }
            else
            {
                set.Append(text[i]);
            }
        }

        return set.ToString();
    }

    private static async ValueTask<int> SequenceAsync(Invocation i)
    {
        double[] numbers = [.. i.Arguments.Where(a => !a.StartsWith("-s", StringComparison.Ordinal) && a is not "-w").Select(a => double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) ? n : double.NaN)];
        if (numbers.Length is 0 or > 3 || Array.Exists(numbers, double.IsNaN))
        {
            return await i.FailAsync("missing operand\nTry 'seq --help' for more information.");
        }

        double first = numbers.Length > 1 ? numbers[0] : 1, step = numbers.Length > 2 ? numbers[1] : 1, last = numbers[^1];
        StringBuilder text = new();
        for (double n = first; step > 0 ? n <= last : step < 0 && n >= last; n += step)
        {
            text.Append(n.ToString("0.######", CultureInfo.InvariantCulture)).Append('\n');
            if (text.Length > 4096)
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                await i.PrintAsync(text.ToString());
                text.Clear();
            }
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    // Until nobody reads it: a full pipe ends it, and the window of a peer slows it.
    private static async ValueTask<int> YesAsync(Invocation i)
    {
        string line = (i.Arguments.Count == 0 ? "y" : string.Join(' ', i.Arguments)) + "\n";
        string block = string.Concat(Enumerable.Repeat(line, Math.Max(1, 2048 / line.Length)));

        // Stages of a pipeline run one after the other: what reads it has to have its turn, and rarely wants more than this.
        const int mostPiped = 256 * 1024;
        for (int written = 0; i.Streams.Output is not BufferOutput || written < mostPiped; written += block.Length)
        {
            for (int n = 0; n < 50; n++)
            {
                await i.State.Budget.StepAsync(i.Cancellation);
            }

            await i.PrintAsync(block);
        }

        throw new BrokenPipeException();
    }
}
