using System.Text;

namespace Blackwall.Ctl;

/// <summary>Columns for people; an empty header is not shown. What came from outside cannot move the cursor: control characters are shown as '?'.</summary>
internal sealed class Table(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public int Rows => _rows.Count - 1;

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Plain)]);

    public void WriteTo(TextWriter output)
    {
        int[] widths = [.. header.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows.Skip(header.All(string.IsNullOrEmpty) ? 1 : 0))
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    public static string Plain(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char letter in text)
        {
            plain.Append(char.IsControl(letter) || char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.Format ? '?' : letter);
        }

        return plain.ToString();
    }
}
