using Blackwall.Client;

namespace Blackwall.Cli.Tables;

/// <summary>Columns for people, folded where a terminal is narrower and never cut. What came from outside cannot move the cursor.</summary>
internal sealed class Table(params string[] header)
{
    private const string Gap = "  ";

    // Narrower columns than this read worse than one line for each cell.
    private const int Narrowest = 16;

    private readonly List<string[]> _rows = [header];

    public int Rows => _rows.Count - 1;

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(PlainText.Clean)]);

    /// <param name="output">Where to.</param>
    /// <param name="width">Columns of the terminal; null: none, each row is one line.</param>
    public void WriteTo(TextWriter output, int? width = null)
    {
        int[] widths = [.. header.Select((_, column) => _rows.Max(row => row[column].Length))];
        if (width is { } room && !Shrink(widths, room))
        {
            WriteRecords(output, room);
            return;
        }

        foreach (string[] row in _rows.Skip(header.All(string.IsNullOrEmpty) ? 1 : 0))
        {
            string[][] cells = [.. row.Select((cell, column) => Fold(cell, widths[column]))];
            for (int line = 0; line < cells.Max(lines => lines.Length); line++)
            {
                output.WriteLine(string.Join(Gap, cells.Select((lines, column) => (line < lines.Length ? lines[line] : "").PadRight(widths[column]))).TrimEnd());
            }
        }
    }

    /// <summary>Text in lines of at most this many letters, broken at spaces where there are any.</summary>
    public static string[] Fold(string text, int width)
    {
        if (text.Length <= width)
        {
            return [text];
        }

        List<string> lines = [];
        ReadOnlySpan<char> rest = text;
        while (rest.Length > width)
        {
            int space = rest[..(width + 1)].LastIndexOf(' ');
            int end = space > 0 ? space : width;
            lines.Add(rest[..end].TrimEnd().ToString());
            rest = rest[end..].TrimStart();
        }

        if (!rest.IsEmpty)
        {
            lines.Add(rest.ToString());
        }

        return [.. lines];
    }

    // The widest columns give way first.
    private static bool Shrink(int[] widths, int room)
    {
        int over = widths.Sum() + (Gap.Length * (widths.Length - 1)) - room;
        while (over > 0)
        {
            int widest = widths.Max();
            if (widest <= Narrowest)
            {
                return false;
            }

            widths[Array.IndexOf(widths, widest)]--;
            over--;
        }

        return true;
    }

    private void WriteRecords(TextWriter output, int room)
    {
        int names = Math.Min(header.Max(name => name.Length) + Gap.Length, Math.Max(room / 2, 1));
        foreach ((string[] row, int number) in _rows.Skip(1).Select((row, number) => (row, number)))
        {
            if (number > 0)
            {
                output.WriteLine();
            }

            foreach ((string cell, string name) in row.Zip(header).Where(cell => cell.First.Length > 0))
            {
                string[] lines = Fold(cell, Math.Max(room - names, 1));
                for (int line = 0; line < lines.Length; line++)
                {
                    output.WriteLine($"{(line == 0 ? name : "").PadRight(names)}{lines[line]}");
                }
            }
        }
    }
}
