using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>fold(1), fmt(1), expand(1), unexpand(1) and column(1).</summary>
internal static class LayoutCommands
{
    public static async ValueTask<int> FoldAsync(Invocation i)
    {
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "-w" + argument[1..] : argument)], "bcsw:", new Dictionary<string, char>(StringComparer.Ordinal) { ["bytes"] = 'b', ["spaces"] = 's', ["width"] = 'w' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (!int.TryParse(options.Value('w') ?? "80", NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width < 1)
        {
            return await i.FailAsync(Characters.ToBytes($"invalid number of columns: ‘{options.Value('w')}’"));
        }

        return await EachAsync(i, options.Operands, text => string.Join('\n', text.Split('\n').Select(line => Folded(line, width, options.Has('s'), options.Has('b')))));
    }

    // Tabs, backspaces and returns move the column unless bytes are counted.
    private static string Folded(string line, int width, bool atSpaces, bool isBytes)
    {
        StringBuilder made = new();
        int start = 0, column = 0;
        for (int at = 0; at < line.Length; at++)
        {
            int next = Column(line[at], column, isBytes);
            if (next > width && at > start)
            {
                int space = atSpaces ? line.LastIndexOfAny([' ', '\t'], at - 1, at - start) : -1;
                int end = space >= 0 ? space + 1 : at;
                made.Append(line, start, end - start).Append('\n');
                (start, column) = (end, 0);
                for (int n = end; n < at; n++)
                {
                    column = Column(line[n], column, isBytes);
                }

                next = Column(line[at], column, isBytes);
            }

            column = next;
        }

        return made.Append(line, start, line.Length - start).ToString();
    }

    private static int Column(char c, int column, bool isBytes) => isBytes ? column + 1 : c switch { '\t' => (column / 8 * 8) + 8, '\b' => Math.Max(0, column - 1), '\r' => 0, _ => column + 1 };

    public static async ValueTask<int> FillAsync(Invocation i)
    {
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "-w" + argument[1..] : argument)], "w:sutcg:p:", null, isMixed: true);
        int width = int.TryParse(options.Value('w'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 75;
        return await EachAsync(i, options.Operands, text => Lines.Join(text.Split("\n\n").Select(paragraph => Filled(paragraph, width)).Aggregate(new List<string>(), (all, paragraph) =>
        {
            if (all.Count > 0)
            {
                all.Add("");
            }

            all.AddRange(paragraph);
            return all;
        })));
    }

    private static List<string> Filled(string paragraph, int width)
    {
        List<string> lines = [];
        StringBuilder line = new();
        foreach (string word in paragraph.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            lines.Add(line.ToString());
        }

        return lines;
    }

    public static async ValueTask<int> ExpandAsync(Invocation i)
    {
        OptionParsing options = new(TabStops.Arguments(i.Arguments), "it:", new Dictionary<string, char>(StringComparer.Ordinal) { ["initial"] = 'i', ["tabs"] = 't' }, isMixed: true);
        TabStops stops = TabStops.Of(options.Values('t'));
        return stops.Fault is { } fault ? await i.FailAsync(Characters.ToBytes(fault)) : options.Error is { } error ? await Lines.InvalidOptionAsync(i, error) : await EachAsync(i, options.Operands, text =>
        {
            StringBuilder made = new();
            int column = 0;
            bool isStart = true;
            foreach (char c in text)
            {
                if (c == '\t' && (isStart || !options.Has('i')))
                {
                    int spaces = (stops.After(column) ?? column + 1) - column;
                    made.Append(' ', spaces);
                    column += spaces;
                    continue;
                }

                made.Append(c);
                isStart = c == '\n' || (isStart && c == ' ');
                column = c == '\n' ? 0 : c == '\b' ? Math.Max(0, column - 1) : column + 1;
            }

            return made.ToString();
        });
    }

    public static async ValueTask<int> UnexpandAsync(Invocation i)
    {
        OptionParsing options = new(TabStops.Arguments(i.Arguments), "at:f", new Dictionary<string, char>(StringComparer.Ordinal) { ["all"] = 'a', ["tabs"] = 't', ["first-only"] = 'f' }, isMixed: true);
        TabStops stops = TabStops.Of(options.Values('t'));
        bool all = (options.Has('a') || options.Has('t')) && !options.Has('f');
        return stops.Fault is { } fault ? await i.FailAsync(Characters.ToBytes(fault))
            : options.Error is { } error ? await Lines.InvalidOptionAsync(i, error) : await EachAsync(i, options.Operands, text => string.Join('\n', text.Split('\n').Select(line => Tabbed(line, stops, all))));
    }

    private static string Tabbed(string line, TabStops stops, bool all)
    {
        StringBuilder made = new();
        int column = 0, spaces = 0;
        bool isStart = true;
        foreach (char c in line)
        {
            if (c is ' ' or '\t' && (isStart || all))
            {
                int before = column;
                int? stop = stops.After(before);
                column = c == '\t' ? stop ?? column + 1 : column + 1;
                spaces += column - before;
                if (column == stop)
                {
                    _ = spaces > 1 || c == '\t' ? made.Append('\t') : made.Append(' ');
                    spaces = 0;
                }

                continue;
            }

            made.Append(' ', spaces).Append(c);
            (spaces, isStart) = (0, false);
            column++;
        }

        return made.Append(' ', spaces).ToString();
    }

    public static async ValueTask<int> ColumnAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "ts:o:c:xN:nJeR:H:L", new Dictionary<string, char>(StringComparer.Ordinal) { ["table"] = 't', ["separator"] = 's', ["output-separator"] = 'o', ["output-width"] = 'c', ["fillrows"] = 'x', ["table-columns"] = 'N' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        StringBuilder input = new();
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            input.Append(await Lines.ReadAsync(i, name));
        }

        string[] lines = [.. Lines.Of(input.ToString()).Where(line => line.Trim().Length > 0)];
        if (options.Has('t'))
        {
            await i.PrintAsync(Table(lines, options.Value('s'), options.Value('o') ?? "  ", options.Value('N')));
            return 0;
        }

        if (lines.Length == 0)
        {
            return 0;
        }

        int width = int.TryParse(options.Value('c'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : i.State.Io.Terminal is { } terminal ? (int)Math.Clamp(terminal.Columns, 20u, 500u) : 80;
        int cell = (lines.Max(line => Characters.Count(line)) / 8 * 8) + 8, columns = Math.Max(1, width / cell), rows = (lines.Length + columns - 1) / columns;
        StringBuilder made = new();
        for (int row = 0; row < rows; row++)
        {
            int at = 0;
            for (int column = 0; column < columns; column++)
            {
                int index = options.Has('x') ? (row * columns) + column : (column * rows) + row;
                if (index >= lines.Length)
                {
                    break;
                }

                while (at < column * cell)
                {
                    made.Append('\t');
                    at = (at / 8 * 8) + 8;
                }

                made.Append(lines[index]);
                at += Characters.Count(lines[index]);
            }

            made.Append('\n');
        }

        await i.PrintAsync(made.ToString());
        return 0;
    }

    private static string Table(string[] lines, string? separator, string between, string? names)
    {
        List<string[]> rows = [.. lines.Select(line => separator is null ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(separator.ToCharArray(), StringSplitOptions.None))];
        if (names is not null)
        {
            rows.Insert(0, names.Split(','));
        }

        int columns = rows.Count == 0 ? 0 : rows.Max(row => row.Length);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Max(row => column < row.Length ? Characters.Count(row[column]) : 0))];
        return Lines.Join(rows.Select(row => string.Join(between, Enumerable.Range(0, columns).Select(column => column < row.Length ? row[column] + (column < columns - 1 ? new string(' ', widths[column] - Characters.Count(row[column])) : "") : column < columns - 1 ? new string(' ', widths[column]) : ""))));
    }

    private static async ValueTask<int> EachAsync(Invocation i, IReadOnlyList<string> names, Func<string, string> change)
    {
        int status = 0;
        foreach (string name in names.Count == 0 ? ["-"] : names)
        {
            if (await Lines.ReadAsync(i, name) is { } text)
            {
                await i.PrintAsync(change(text));
            }
            else
            {
                status = 1;
            }
        }

        return status;
    }
}
