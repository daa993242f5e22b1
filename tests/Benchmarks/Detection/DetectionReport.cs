using System.Globalization;
using System.Text;

namespace Blackwall.Benchmarks.Detection;

/// <summary>The table, and its place in a document.</summary>
internal sealed class DetectionReport
{
    private const string Begin = "<!-- figures: begin -->";
    private const string End = "<!-- figures: end -->";

    private readonly List<(string Group, string Name, IReadOnlyList<ScoreRow> Rows)> _rows = [];

    public void Add(string group, string name, IReadOnlyList<ScoreRow> rows) => _rows.Add((group, name, rows));

    public string Markdown()
    {
        StringBuilder text = new();
        foreach (IGrouping<string, (string Group, string Name, IReadOnlyList<ScoreRow> Rows)> group in _rows.GroupBy(r => r.Group, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"### {char.ToUpperInvariant(group.Key[0])}{group.Key[1..]}").AppendLine();
            text.AppendLine("| traffic | hours | found | false alarms (blocks) | false an hour | delay | bucket | counts | variation |");
            text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            foreach ((_, string name, IReadOnlyList<ScoreRow> rows) in group)
            {
                ScoreRow ours = rows[0];
                text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {ours.Hours:0.##} | {Found(ours)} | {ours.False} ({ours.FalseBlocks}) | {(ours.Hours < 0.01 ? "" : (ours.False / ours.Hours).ToString("0.##", CultureInfo.InvariantCulture))} | {Delay(ours.Delay)} | {string.Join(" | ", rows.Skip(1).Select(Baseline))} |");
            }

            text.AppendLine();
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Replaces what stands between the two marks of a document.</summary>
    public void WriteInto(string file)
    {
        string document = File.ReadAllText(file);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{file} has no place for figures: '{Begin}' and '{End}'.");
        }

        File.WriteAllText(file, document[..(begin + Begin.Length)] + "\n" + Markdown() + "\n" + document[end..]);
    }

    private static string Found(ScoreRow row) => row.Attackers == 0 ? "none there" : string.Create(CultureInfo.InvariantCulture, $"{row.Found} of {row.Attackers}");

    private static string Baseline(ScoreRow row) => string.Create(CultureInfo.InvariantCulture, $"{(row.Attackers == 0 ? "" : $"{row.Found} found, ")}{row.False} false");

    private static string Delay(double seconds) => seconds switch
    {
        double.NaN => "",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };
}
